import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { subscriptionTokens } from '../../relay/access/subscription-tokens.ts'
import { createRelay } from '../../relay/relay.ts'
import { toNodeHandler } from '../../relay/servers/node.ts'
import { type Command, readOptions, readPort } from '../command.ts'
import { close, listen, terminationRequested } from '../server.ts'
import { openSqlite } from '../sqlite.ts'
import { demoApp } from './app.ts'
import { serveAssets } from './assets.ts'
import { backstage } from './backstage.ts'
import { simulatedProvider } from './provider.ts'
import { pathOf, webhooks } from './webhooks.ts'

const BASE_PATH = '/kyc'
/** The user of the provider's own example. */
const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

export const demoCommand: Command = {
  help: `Usage: kyc-upload-status demo [options]

The whole way in a browser: an onboarding page, a relay, and a simulated provider, in one process on one port.

Options:
  --port <number>  port to listen on; 0 picks a free one (default: 5173)
  --open           open the page in the browser
  --help           print this`,

  async run(args) {
    const options = readOptions(args, {
      port: { type: 'string', default: '5173' },
      open: { type: 'boolean', default: false },
    })
    const port = readPort(options.port)
    const folder = mkdtempSync(join(tmpdir(), 'kyc-upload-status-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    const store = await openSqlite(join(folder, 'events.sqlite'))
    const webhookToken = randomBytes(16).toString('hex')
    const tokens = subscriptionTokens(randomBytes(32))
    const behind = backstage()
    const relay = createRelay({
      store,
      webhooks,
      onWebhook: behind.onWebhook,
      webhookTokens: [webhookToken],
      subscriptionTokens: tokens,
      basePath: BASE_PATH,
    })

    let relayUrl = ''
    let brokenUntil = 0
    const app = demoApp({
      relay,
      provider: simulatedProvider({
        url: () => relayUrl,
        token: webhookToken,
        externalUserId: USER,
        onPlaying: behind.setPlaying,
      }),
      backstage: behind,
      tokens,
      externalUserId: USER,
      assets: serveAssets(fileURLToPath(new URL('../../demo', import.meta.url))),
      async breakLine(ms) {
        brokenUntil = Date.now() + ms
        await relay.disconnect(USER)
      },
    })
    const toRelay = toNodeHandler(relay)
    const toApp = toNodeHandler(app)
    const handler: RequestListener = (request, response) => {
      const isBroken = Date.now() < brokenUntil && request.url?.startsWith(`${BASE_PATH}/events/`)
      if (isBroken) request.destroy()
      else void (request.url?.startsWith(`${BASE_PATH}/`) ? toRelay : toApp)(request, response)
    }

    const termination = terminationRequested()
    const { server, url } = await listen(handler, { port, host: '127.0.0.1' })
    relayUrl = `${url}${BASE_PATH}`
    console.log(`kyc-upload-status demo on ${url}

To send a webhook by hand (or "status": "ERROR"):
  curl --request POST '${relayUrl}${pathOf('kyc-file')}' --header 'Authorization: ${webhookToken}' --header 'Content-Type: application/json' --data-raw '{"externalUserId": "${USER}", "status": "ADDED"}'

Stop with Ctrl+C.`)
    if (options.open) openBrowser(url)

    await termination
    behind.close()
    await relay.drain({ within: 0 })
    await close(server)
    await store.close()
  },
}

function openBrowser(url: string): void {
  const [command = '', ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url]
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => console.error(`No browser could be opened; the page is at ${url}`))
    .unref()
}
