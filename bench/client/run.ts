import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpus } from 'node:os'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { type CDPSession, chromium } from 'playwright'
import { build, type Rolldown } from 'vite'
import { subscriptionTokens } from '../../src/relay/index.ts'
import { chromiumLaunch } from '../../tools/chromium.ts'

/** Measures in Chromium what the hook and the component cost a page, and writes what was found to CLIENT.md. */

const { values } = parseArgs({
  options: {
    components: { type: 'string', default: '100' },
    events: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '10' },
  },
})
const [components, events, minutes] = [values.components, values.events, values.minutes].map(Number) as [
  number,
  number,
  number,
]
const root = `${import.meta.dirname}/../..`
const USER = 'user'
const SECRET = 'a secret of at least thirty-two bytes'

const output = (await build({
  configFile: false,
  logLevel: 'error',
  define: { 'process.env.NODE_ENV': '"production"' },
  build: { write: false, lib: { entry: `${import.meta.dirname}/page.tsx`, formats: ['es'], fileName: 'page' } },
})) as Rolldown.RolldownOutput[]
const script = output[0]?.output[0].code ?? ''
const server = createServer((request, response) => {
  const isScript = request.url === '/page.js'
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
  response.end(isScript ? script : '<!doctype html><title>bench</title><script type="module" src="/page.js"></script>')
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const relay = spawn(
  process.execPath,
  [`${root}/dist/cli/main.js`, 'relay', '--port', '0', '--store', 'memory', '--allow-origin', origin],
  {
    env: { ...process.env, KYC_WEBHOOK_TOKENS: 'token', KYC_SUBSCRIPTION_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
const [line] = (await once(createInterface({ input: relay.stdout }), 'line')) as [string]
const relayUrl = /http:\S+/.exec(line)?.[0] ?? ''
const browser = await chromium.launch(await chromiumLaunch())

declare global {
  interface Window {
    fired: Record<string, number>
  }
}

/** What the main thread has done so far, in seconds. */
async function workOf(session: CDPSession): Promise<{ tasks: number; scripts: number }> {
  const { metrics } = await session.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0
  return { tasks: of('TaskDuration'), scripts: of('ScriptDuration') }
}

/** The value that so much of all lies below. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

try {
  const page = await browser.newPage()
  await page.goto(origin)
  const rendered = await page.evaluate(([c, e]) => window.bench.renders(c, e), [components, events] as const)
  const sorted = (await page.evaluate((count) => window.bench.latencies(count), events)).sort((a, b) => a - b)
  const [p50, p99] = [percentile(sorted, 0.5), percentile(sorted, 0.99)]

  const idle = await browser.newPage()
  // What fires, by its milliseconds: everything that is on the page is ours.
  await idle.addInitScript(() => {
    const fired: Record<string, number> = {}
    Object.assign(window, { fired })
    for (const name of ['setTimeout', 'setInterval'] as const) {
      const set = window[name] as (act: () => void, ms?: number) => number
      const counting = (act: () => void, ms = 0) =>
        set(() => {
          fired[`${name} ${ms}`] = (fired[`${name} ${ms}`] ?? 0) + 1
          act()
        }, ms)
      Object.assign(window, { [name]: counting })
    }
  })
  await idle.goto(origin)
  const token = await subscriptionTokens(SECRET).issue(USER, { expiresIn: '1h' })
  await idle.evaluate(([url, jwt, user]) => window.bench.wait(url, jwt, user), [relayUrl, token, USER] as const)
  await idle.locator('[data-part="root"][data-status="very-slow"]').waitFor()
  // What was said of it last is out of the page again.
  const region = idle.locator('[role="status"]')
  await region.filter({ hasText: /./ }).waitFor({ state: 'attached' })
  await region.filter({ hasNotText: /./ }).waitFor({ state: 'attached' })
  const session = await idle.context().newCDPSession(idle)
  await session.send('Performance.enable')
  const before = await workOf(session)
  await idle.evaluate(() => {
    for (const name of Object.keys(window.fired)) delete window.fired[name]
  })
  await new Promise((resolve) => setTimeout(resolve, minutes * 60_000))
  const after = await workOf(session)
  const fired = Object.entries(await idle.evaluate(() => window.fired))
  const ms = (seconds: number) => `${Math.round(seconds * 1000)} ms`

  const text = `# What it costs a page

Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench:client\`, in Chromium ${browser.version()}, on ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, in React's production build.
What a page loads stands in [SIZES.md](SIZES.md).

## Renders

${components} components of each kind read one user, to whom ${events.toLocaleString('en')} events come; each is another outcome than the one before.

| a component that reads | renders an event |
|---|--:|
| the outcome | ${(rendered.outcome / components / events).toFixed(2)} |
| what stays the same, by \`select\` | ${(rendered.unchanged / components / events).toFixed(2)} |
| nothing, and begins uploads | ${(rendered.nothing / components / events).toFixed(2)} |

## From the bytes to the page

From the bytes of a frame reaching the client to the change in the DOM of \`<KycUploadStatus>\`, over ${events.toLocaleString('en')} events: ${p50.toFixed(1)} ms in the
middle, ${p99.toFixed(1)} ms at p99.

## A page that waits

\`<KycUploadStatus>\`, for ${minutes} minutes without an answer, on the relay's stream with its heartbeats: the main thread worked for ${ms(after.tasks - before.tasks)} in
all, ${ms(after.scripts - before.scripts)} of them in scripts, and these timers fired: ${fired.map(([name, times]) => `\`${name}\` ${times} times`).join(', ') || 'none'}. The interval of 5 s is the
tab that leads telling others that it is there; the watchdog looks at the
clocks as often, because timers stand still while a device sleeps.
`
  writeFileSync(`${root}/bench/CLIENT.md`, text)
  console.log(text)
} finally {
  await browser.close()
  relay.kill('SIGTERM')
  server.close()
}
