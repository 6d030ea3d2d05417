import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { BrowserCommand } from 'vitest/node'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const environment = {
  KYC_WEBHOOK_TOKENS: 'the-webhook-token',
  KYC_SUBSCRIPTION_SECRET: 'a secret of at least thirty-two bytes',
}

interface Running {
  process: ChildProcess
  port: number
  file: string
}
const relays = new Map<string, Running>()

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

async function start(port: number, file: string, origin: string): Promise<Running> {
  const child = spawn(
    process.execPath,
    [main, 'relay', '--port', String(port), '--store', `sqlite:${file}`, '--allow-origin', origin],
    { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('listening on')) break
  return { process: child, port, file }
}

async function stop(id: string, signal: NodeJS.Signals): Promise<Running> {
  const relay = relays.get(id)
  if (!relay) throw new Error(`there is no relay ${id}`)
  relay.process.kill(signal)
  await once(relay.process, 'exit')
  return relay
}

async function run(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...environment } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(output)
  return output.trim()
}

/** What a test in the browser asks for out here: the real commands, as processes of their own. */
export const relayCommands = {
  /** Starts a relay for pages of this origin; returns its URL, by which the other commands know it. */
  startRelay: (async (_, origin: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'kyc-browser-')), 'events.sqlite')
    const relay = await start(await freePort(), file, origin)
    const url = `http://127.0.0.1:${relay.port}`
    relays.set(url, relay)
    return url
  }) as BrowserCommand<[origin: string]>,

  /** Ends it without a warning. */
  killRelay: (async (_, url: string) => void (await stop(url, 'SIGKILL'))) as BrowserCommand<[url: string]>,

  /** Starts it again on the same port and file. */
  restartRelay: (async (_, url: string, origin: string) => {
    const { port, file } = relays.get(url) ?? { port: 0, file: '' }
    relays.set(url, await start(port, file, origin))
  }) as BrowserCommand<[url: string, origin: string]>,

  stopRelay: (async (_, url: string) => {
    const { file } = await stop(url, 'SIGTERM')
    rmSync(dirname(file), { recursive: true, force: true })
  }) as BrowserCommand<[url: string]>,

  sendWebhook: ((_, url: string, user: string, status: string) =>
    run('send', '--url', url, '--user', user, '--status', status)) as BrowserCommand<
    [url: string, user: string, status: string]
  >,

  issueToken: ((_, user: string) => run('token', '--user', user)) as BrowserCommand<[user: string]>,
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    startRelay(origin: string): Promise<string>
    killRelay(url: string): Promise<void>
    restartRelay(url: string, origin: string): Promise<void>
    stopRelay(url: string): Promise<void>
    sendWebhook(url: string, user: string, status: 'ADDED' | 'ERROR'): Promise<string>
    issueToken(user: string): Promise<string>
  }
}
