import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { createRelay } from '../../src/relay/index.ts'
import { toNodeHandler } from '../../src/relay/servers/node.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { chromiumLaunch } from '../../tools/chromium.ts'
import { recipe } from './recipes.ts'
import { StrictPage } from './strict-page.tsx'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(await chromiumLaunch())
})
afterAll(() => browser.close())

/** React's development build, which says it where the page is not what the server has rendered. */
async function bundle(): Promise<string> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      write: false,
      minify: false,
      lib: { entry: path('strict-page-script.tsx'), formats: ['es'], fileName: 'page' },
    },
  })) as Rolldown.RolldownOutput[]
  return output[0]?.output[0].code ?? ''
}

/** A page with the documented header, and the relay beside it. */
async function serve() {
  const relay = createRelay({
    store: memoryStore(),
    webhookTokens: ['token'],
    authorizeSubscriber: () => 'a-user',
    basePath: '/kyc',
  })
  const handle = toNodeHandler(relay)
  const [header = ''] = recipe('A strict Content-Security-Policy')
  const [name = '', value = ''] = header.trim().split(': ')
  const files: Record<string, [type: string, text: string]> = {
    '/': [
      'text/html',
      `<!doctype html><html lang="en"><title>page</title><link rel="stylesheet" href="/styles.css">
      <main>${renderToString(createElement(StrictPage))}</main><script type="module" src="/page.js"></script></html>`,
    ],
    '/styles.css': ['text/css', readFileSync(path('../../src/react/styles.css'), 'utf8')],
    '/page.js': ['text/javascript', await bundle()],
  }
  const server = createServer((request, response) => {
    const file = files[request.url ?? '']
    if (request.url?.startsWith('/kyc/')) return void handle(request, response)
    response.setHeader(name, value)
    response.statusCode = file ? 200 : 404
    response.setHeader('content-type', file?.[0] ?? 'text/plain')
    response.end(file?.[1])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const deliver = (status: 'ADDED' | 'ERROR') =>
    fetch(`${url}/kyc/webhook/kyc-files/status`, {
      method: 'POST',
      headers: { authorization: 'token', 'content-type': 'application/json' },
      body: JSON.stringify({ externalUserId: 'a-user', status }),
    })
  return { url, deliver }
}

it('breaks no strict Content-Security-Policy, from the markup of a server to the last answer', async () => {
  const { url, deliver } = await serve()
  const page = await browser.newPage()
  onTestFinished(() => page.close())
  const violations: string[] = []
  const troubles: string[] = []
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && troubles.push(message.text()))
  page.on('pageerror', (error) => troubles.push(error.message))
  await page.exposeFunction('report', (violation: string) => violations.push(violation))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, sample }) => {
      void (window as unknown as { report(violation: string): void }).report(`${violatedDirective} ${sample}`)
    })
  })
  const response = await page.goto(url)
  expect(await response?.text()).toContain('Looking for news of your document')

  const card = (title: string) => page.getByRole('group', { name: title })
  await card('Waiting for your document').waitFor()
  await deliver('ERROR')
  await card('We could not add your document').waitFor()
  await page.getByRole('alert').getByText('You can try again.').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await deliver('ADDED')
  await card('Document added').waitFor()
  // The sheet is there.
  expect(await card('Document added').evaluate((root) => getComputedStyle(root).borderInlineStartWidth)).toBe('4px')
  expect({ violations, troubles }).toEqual({ violations: [], troubles: [] })

  // And what would have broken it would have been seen.
  await card('Document added').evaluate((root) => root.setAttribute('style', 'color: red'))
  await expect.poll(() => violations).toEqual([expect.stringContaining('style-src')])
}, 20_000)
