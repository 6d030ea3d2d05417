import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright'
import { build, type Rolldown } from 'vite'
import { onTestFinished } from 'vitest'
import { type Running, secrets, start } from '../cli/process.ts'
import { tokens } from '../relay/serve.ts'

export const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

const PAGE = '<!doctype html><title>page</title><script type="module" src="/page.js"></script>'

/** A script of a page, which has the client as `client`. */
async function bundle(name: string): Promise<string> {
  const entry = fileURLToPath(new URL(name, import.meta.url))
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: { write: false, lib: { entry, formats: ['es'], fileName: 'page' } },
  })) as Rolldown.RolldownOutput[]
  return output[0]?.output[0].code ?? ''
}

const scripts = new Map<string, Promise<string>>()

export interface Site {
  relay: Running
  /** The address of a page that waits for its user's document. */
  page(path?: string): string
  /** Opens a page that waits for its user's document. */
  open(context: BrowserContext): Promise<Page>
  /** The provider's webhook. */
  deliver(status: 'ADDED' | 'ERROR'): Promise<void>
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
): Promise<Site> {
  const bundled = scripts.get(script) ?? bundle(script)
  scripts.set(script, bundled)
  const code = await bundled
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    void Promise.resolve(isScript ? code : answer(request.url ?? '/')).then((text) => response.end(text))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const relay = await start(
    ['relay', '--port', '0', '--store', 'memory', '--allow-origin', origin, '--metrics', '--log-level', 'error'],
    secrets,
  )
  const token = await tokens.issue(USER, { expiresIn: '1h' })
  const pageAt = (path = '/') => `${origin}${path}#${new URLSearchParams({ relay: relay.url, user: USER, token })}`
  return {
    relay,
    page: pageAt,
    async open(context) {
      const page = await context.newPage()
      await page.goto(pageAt())
      await page.waitForFunction(() => window.client.getState(window.user).connection.status === 'open')
      return page
    },
    async deliver(status) {
      const response = await fetch(`${relay.url}/webhook/kyc-files/status`, {
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
