import { expect, it, onTestFinished, vi } from 'vitest'
import { StoreUnavailableError } from '../../src/relay/index.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { serve, silentLogger } from './serve.ts'

it('tries the store once a second, however often it is asked whether it is ready', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const logger = silentLogger()
  const store = memoryStore()
  const checkWritable = vi.fn(async () => {})
  Object.assign(store, { checkWritable })
  const { relay, url } = await serve({ store, logger })
  const ask = () => Promise.all(Array.from({ length: 150 }, async () => (await fetch(`${url}/readyz`)).status))
  expect(new Set([...(await ask()), ...(await ask())])).toEqual(new Set([200]))
  expect(checkWritable).toHaveBeenCalledOnce()

  checkWritable.mockRejectedValue(new StoreUnavailableError('the disk is full'))
  vi.advanceTimersByTime(999)
  expect(new Set(await ask())).toEqual(new Set([200]))
  vi.advanceTimersByTime(1)
  expect(new Set([...(await ask()), ...(await ask())])).toEqual(new Set([503]))
  expect(checkWritable).toHaveBeenCalledTimes(2)
  expect(logger.error).toHaveBeenCalledOnce()

  checkWritable.mockResolvedValue()
  vi.advanceTimersByTime(1000)
  expect(new Set(await ask())).toEqual(new Set([200]))
  // It does not take a second to hear of this.
  await relay.drain({ within: 0 })
  expect(new Set(await ask())).toEqual(new Set([503]))
})
