import { expect, it } from 'vitest'
import { Subscriber } from '../../../src/relay/streams/subscriber.ts'
import { type Bytes, toBytes } from '../../../src/relay/streams/wire.ts'

const deadline = { at: Number.POSITIVE_INFINITY, reason: 'lifetime' } as const

it.each([
  ['who is behind', 1, true],
  ['who waits for the replay', 0, false],
])('keeps no more than its own bytes of a frame for a reader %s', (_, unread, isLive) => {
  const written: Bytes[] = []
  const connection = { unread, write: (bytes: Bytes) => written.push(bytes), end() {}, destroy() {} }
  const subscriber = new Subscriber('user', deadline, connection, () => {})
  const frame = toBytes('data: a frame that is a part of a pool\n\n')
  expect(frame.buffer.byteLength).toBeGreaterThan(frame.byteLength)
  if (isLive) subscriber.goLive('', '0-0')
  subscriber.send('1-0', frame)
  if (!isLive) subscriber.goLive('', '0-0')
  expect(written.at(-1)).toEqual(new Uint8Array(frame))
  expect(written.at(-1)?.buffer.byteLength).toBe(frame.byteLength)
})
