import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** What a process takes: bytes on its heap and beside it, resident bytes, and open files. */
export interface Usage {
  bytes: number
  rss: number
  files: number
}

export interface MeasuredRelay {
  port: number
  /** After garbage collection. */
  measure(): Promise<Usage>
  /** Delivers a webhook on a connection that stays open, and resolves with the status of the answer. */
  webhook(externalUserId: string, status: 'ADDED' | 'ERROR'): Promise<number>
  /** A sample of its metrics. */
  sample(name: string): Promise<number>
}

/** Starts a relay in a process of its own; it ends with the test. */
export async function startMeasured(): Promise<MeasuredRelay> {
  const child = fork(fileURLToPath(new URL('relay-process.ts', import.meta.url)), {
    // V8 forgets code that has not run for a while. That frees 5 MiB at some moment, which would hide a leak.
    execArgv: ['--expose-gc', '--no-flush-bytecode'],
  })
  onTestFinished(() => void child.kill())
  const [{ port }] = await once(child, 'message')
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  onTestFinished(() => agent.destroy())
  return {
    port,
    async measure() {
      const answered = once(child, 'message')
      child.send('measure')
      return (await answered)[0]
    },
    async webhook(externalUserId, status) {
      const outgoing = request({
        agent,
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/webhook/kyc-files/status',
        headers: { authorization: 'token', 'content-type': 'application/json' },
      })
      outgoing.end(JSON.stringify({ externalUserId, status }))
      const [response] = await once(outgoing, 'response')
      await once(response.resume(), 'end')
      return response.statusCode
    },
    async sample(name) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      const line = text.split('\n').find((candidate) => candidate.startsWith(`kyc_relay_${name} `))
      return Number(line?.split(' ').at(-1))
    },
  }
}

/** Does `work` for 0 to `count - 1`, at most `width` at a time. */
export async function times(count: number, width: number, work: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: width }, lane))
}
