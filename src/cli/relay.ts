import { randomBytes } from 'node:crypto'
import { kycFileWebhook } from '../protocol/webhooks/kyc-file.ts'
import { toNodeHandler } from '../relay/node.ts'
import { createRelay } from '../relay/relay.ts'
import type { EventStore } from '../relay/store.ts'
import { memoryStore } from '../relay/stores/memory.ts'
import { subscriptionTokens } from '../relay/subscription-tokens.ts'
import { type Command, readOptions, readPort, UsageError } from './command.ts'
import { close, listen, terminationRequested } from './server.ts'
import { openSqlite } from './sqlite.ts'

const DEFAULT_STORE = 'sqlite:kyc-upload-status.sqlite'

export const relayCommand: Command = {
  help: `Usage: kyc-upload-status relay [options]

Takes the provider's webhooks in and streams each one to its user.

Options:
  --port <number>          port to listen on; 0 picks a free one (default: 8787)
  --host <address>         address to listen on (default: 127.0.0.1)
  --store <store>          sqlite:<file>, or memory, which does not survive the process
                           (default: ${DEFAULT_STORE})
  --allow-origin <origin>  origin whose pages may read streams; may be repeated
  --dev                    make up the secrets that are not set, and print them with a curl line for each route
  --help                   print this

Environment:
  KYC_WEBHOOK_TOKENS       the provider's webhook tokens, separated by commas
  KYC_SUBSCRIPTION_SECRET  the secret that signs subscription tokens, 32 bytes or more`,

  async run(args) {
    const options = readOptions(args, {
      port: { type: 'string', default: '8787' },
      host: { type: 'string', default: '127.0.0.1' },
      store: { type: 'string', default: DEFAULT_STORE },
      'allow-origin': { type: 'string', multiple: true, default: [] },
      dev: { type: 'boolean', default: false },
    })
    const port = readPort(options.port)
    const secrets = readSecrets(options.dev)
    const tokens = subscriptionTokens(secrets.subscriptionSecret)
    if (options.host === '') throw new UsageError('--host: expected an address; 0.0.0.0 is all of them')
    const store = await openStore(options.store)
    const relay = createRelay({
      store,
      webhookTokens: secrets.webhookTokens,
      subscriptionTokens: tokens,
      allowedOrigins: options['allow-origin'],
    })

    const termination = terminationRequested()
    const { server, url } = await listen(toNodeHandler(relay), { port, host: options.host })
    console.log(`kyc-upload-status relay listening on ${url}`)
    if (options.dev) console.log(await devNotes(url, secrets, tokens))

    await termination
    await relay.drain()
    await close(server)
    await store.close()
  },
}

interface Secrets {
  webhookTokens: string[]
  subscriptionSecret: string
}

function readSecrets(dev: boolean): Secrets {
  const webhookTokens = (process.env.KYC_WEBHOOK_TOKENS ?? '')
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '')
  const subscriptionSecret = process.env.KYC_SUBSCRIPTION_SECRET ?? ''
  if (!dev && webhookTokens.length === 0) throw new UsageError('KYC_WEBHOOK_TOKENS is not set (--dev makes one up)')
  if (!dev && subscriptionSecret === '') throw new UsageError('KYC_SUBSCRIPTION_SECRET is not set (--dev makes one up)')
  return {
    webhookTokens: webhookTokens.length > 0 ? webhookTokens : [randomBytes(24).toString('hex')],
    subscriptionSecret: subscriptionSecret || randomBytes(32).toString('hex'),
  }
}

async function openStore(store: string): Promise<EventStore> {
  if (store === 'memory') return memoryStore()
  const file = /^sqlite:(.+)$/.exec(store)?.[1]
  if (file === undefined) throw new UsageError('--store: expected sqlite:<file> or memory')
  return openSqlite(file)
}

async function devNotes(
  url: string,
  { webhookTokens: [webhookToken], subscriptionSecret }: Secrets,
  tokens: ReturnType<typeof subscriptionTokens>,
): Promise<string> {
  const user = 'bca65c48-df49-4831-a7b2-de7903321581'
  const subscriptionToken = await tokens.issue(user, { expiresIn: '12h' })
  return `
Development secrets; set them in the environment to keep them:
  KYC_WEBHOOK_TOKENS=${webhookToken}
  KYC_SUBSCRIPTION_SECRET=${subscriptionSecret}

Deliver a webhook, as the provider does:
  curl --request POST '${url}${kycFileWebhook.path}' --header 'Authorization: ${webhookToken}' --header 'Content-Type: application/json' --data-raw '{"externalUserId": "${user}", "status": "ADDED"}'
Follow its user's stream:
  curl -N '${url}/events/${user}' --header 'Accept: text/event-stream' --header 'Authorization: Bearer ${subscriptionToken}'
Read the latest event:
  curl '${url}/events/${user}' --header 'Accept: application/json' --header 'Authorization: Bearer ${subscriptionToken}'
Health, liveness and readiness:
  curl -i '${url}/webhook/health'
  curl -i '${url}/healthz'
  curl -i '${url}/readyz'`
}
