import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright'
import { build, type Rolldown } from 'vite'
import { onTestFinished } from 'vitest'
import { type Running, secrets, start } from '../cli/process.ts'
import { tokens } from '../relay/serve.ts'

export const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

const PATHS = {
  'kyc-file': '/webhook/kyc-files/status',
  poa: '/webhook/poa',
  'kyc-verification': '/webhook/kyc-verification',
  'user-balance': '/webhook/user/status',
}

const PAGE = '<!doctype html><title>page</title><script type="module" src="/page.js"></script>'

/** A script of a page, which has the client as `client`, and what it loads later: code by its path. */
async function bundle(name: string): Promise<Map<string, string>> {
  const entry = fileURLToPath(new URL(name, import.meta.url))
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: { write: false, lib: { entry, formats: ['es'], fileName: 'page' } },
  })) as Rolldown.RolldownOutput[]
  const chunks = output.flatMap((built) => built.output).filter((file) => file.type === 'chunk')
  return new Map(chunks.map(({ fileName, code }) => [`/${fileName}`, code]))
}

/** How the relay of a site is started. */
export interface RelayProcess {
  /** Default `memory`. */
  store?: string
  /** More of the command line. Default: the paths of all four webhooks. */
  args?: string[]
  env?: Record<string, string>
  /** What runs the command. */
  runtime?: string[]
}

const SIBLINGS = ['--path', `poa=${PATHS.poa}`, '--path', `kyc-verification=${PATHS['kyc-verification']}`]

const scripts = new Map<string, ReturnType<typeof bundle>>()

export interface Site {
  relay: Running
  /** The address of a page that waits for its user's document. */
  page(path?: string): string
  /** Opens a page that waits for its user's document. */
  open(context: BrowserContext, parameters?: Record<string, string>): Promise<Page>
  /** The provider's webhook. */
  deliver(status: string, frame?: keyof typeof PATHS): Promise<void>
  /** How many streams the relay has open. */
  connections(): Promise<number>
}

/**
 * Pages of one origin, with what `answer` has for other paths, and a relay process of another.
 *
 * @param script - what runs in them. The default says in `seen` what it is told.
 */
export async function site(
  answer: (url: string) => Promise<string> = async () => PAGE,
  script = 'page-script.ts',
  { store = 'memory', args = SIBLINGS, env = {}, runtime = [process.execPath] }: RelayProcess = {},
): Promise<Site> {
  const bundled = scripts.get(script) ?? bundle(script)
  scripts.set(script, bundled)
  const codes = await bundled
  const server = createServer((request, response) => {
    const url = request.url ?? '/'
    const code = codes.get(url)
    response.setHeader('content-type', code === undefined ? 'text/html' : 'text/javascript')
    void Promise.resolve(code ?? answer(url)).then((text) => response.end(text))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const relay = await start(
    ['relay', '--port', '0', '--store', store, '--allow-origin', origin, '--metrics', '--log-level', 'error', ...args],
    { ...secrets, ...env },
    [],
    runtime,
  )
  const token = await tokens.issue(USER, { expiresIn: '1h' })
  const pageAt = (path = '/') => `${origin}${path}#${new URLSearchParams({ relay: relay.url, user: USER, token })}`
  return {
    relay,
    page: pageAt,
    async open(context, parameters = {}) {
      const page = await context.newPage()
      await page.goto(`${pageAt()}&${new URLSearchParams(parameters)}`)
      await page.waitForFunction(() => window.client.getState(window.user).connection.status === 'open')
      return page
    },
    async deliver(status, frame = 'kyc-file') {
      const response = await fetch(`${relay.url}${PATHS[frame]}`, {
        method: 'POST',
        headers: { authorization: 'first-token', 'content-type': 'application/json' },
        body: JSON.stringify({ externalUserId: USER, status }),
      })
      if (response.status !== 200) throw new Error(`the webhook was answered with ${response.status}`)
    },
    async connections() {
      const metrics = await (await fetch(`${relay.url}/metrics`)).text()
      return Number(/^kyc_relay_connections (\d+)$/m.exec(metrics)?.[1])
    },
  }
}
