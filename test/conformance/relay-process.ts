import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Settings, SettingsError } from './settings.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** An origin whose pages may read streams. */
const ALLOWED_ORIGIN = 'https://app.example'

export interface RelayProcess {
  url: string
  settings: Settings
  /** Ends it, and takes away what it wrote. */
  stop(): Promise<void>
}

/**
 * Starts the relay command of the built package, with secrets of its own and the defaults that the README tells.
 *
 * @param runtime - the command that runs it: `['bun']`, for example.
 */
export async function startRelay(
  store: 'memory' | 'sqlite',
  runtime: readonly string[] = [process.execPath],
): Promise<RelayProcess> {
  if (!existsSync(main)) throw new SettingsError('expected the built package: npm run build')
  return startProcess((folder) => [
    ...runtime,
    main,
    'relay',
    '--log-level',
    'silent',
    '--port',
    '0',
    '--store',
    store === 'memory' ? store : `sqlite:${join(folder, 'relay.sqlite')}`,
    '--allow-origin',
    ALLOWED_ORIGIN,
  ])
}

/** Starts a process that takes the secrets of a relay from its environment, and prints where it listens. */
export async function startProcess(commandIn: (folder: string) => readonly string[]): Promise<RelayProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'kyc-conformance-'))
  const settings: Settings = {
    webhookToken: randomBytes(24).toString('hex'),
    subscriptionSecret: randomBytes(32).toString('hex'),
    adminToken: randomBytes(24).toString('hex'),
    basePath: '',
    allowedOrigin: ALLOWED_ORIGIN,
    keptEvents: 32,
    streamsPerUser: 8,
  }
  const [command = '', ...args] = commandIn(folder)
  const child = spawn(command, args, {
    env: {
      ...process.env,
      KYC_WEBHOOK_TOKENS: settings.webhookToken,
      KYC_SUBSCRIPTION_SECRET: settings.subscriptionSecret,
      KYC_ADMIN_TOKENS: settings.adminToken,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const stop = async () => {
    child.kill()
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/\S+/.exec(line)?.[0]
    if (url) return { url, settings, stop }
  }
  await stop()
  throw new SettingsError('the relay did not start')
}
