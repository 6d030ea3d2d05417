import { randomBytes } from 'node:crypto'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { WebhookDefinition } from '../protocol/webhooks/definition.ts'
import { subscriptionTokens } from '../relay/access/subscription-tokens.ts'
import { createRelay } from '../relay/relay.ts'
import type { ForwardOptions } from '../relay/relay-options.ts'
import { toNodeHandler } from '../relay/servers/node.ts'
import { memoryStore } from '../relay/stores/memory/memory.ts'
import type { EventStore, History } from '../relay/stores/store.ts'
import { prometheusMetrics, type RelayMetrics } from '../relay/telemetry/metrics.ts'
import {
  type Command,
  readCount,
  readDuration,
  readOptions,
  readPort,
  readSecret,
  readTokens,
  UsageError,
} from './command.ts'
import { jsonLogger } from './log.ts'
import { openRedis } from './redis.ts'
import { close, listen, terminationRequested } from './server.ts'
import { openSqlite } from './sqlite.ts'
import { readWebhooks } from './webhooks.ts'

const DEFAULT_STORE = 'sqlite:kyc-upload-status.sqlite'

export const relayCommand: Command = {
  help: `Usage: kyc-upload-status relay [options]

Takes the provider's webhooks in and streams each one to its user.

Options:
  --port <number>          port to listen on; 0 picks a free one (default: 8787)
  --host <address>         address to listen on (default: 127.0.0.1)
  --store <store>          sqlite:<file>; redis://<host>:<port>, for relays on many machines (several, separated
                           by commas, are nodes of one cluster); or memory, which does not survive the process
                           (default: KYC_STORE, or ${DEFAULT_STORE})
  --path <frame>=<path>    where the provider posts a webhook, poa=/webhook/… for example; may be repeated. The frames are
                           kyc-file and user-balance, whose paths are known, and poa and kyc-verification, which
                           are not taken in without one
  --webhooks <module>      a module that exports webhooks, a list of definitions, instead of those of the Partner API
  --base-path <path>       what comes before every path: /kyc, for example
  --forward <url>          the back end to which each authentic webhook is passed on, byte for byte, before it is stored:
                           to its own path below this URL. Those that the relay does not know go there as well
  --forward-timeout <duration>
                           how long the back end may take for its answer (default: 5s)
  --max-events <number>    events that are kept for a user (default: 32)
  --max-age <duration>     how long they are kept (default: 24h)
  --allow-origin <origin>  origin whose pages may read streams; may be repeated
  --max-streams <number>   streams that may be open in all (default: 20000)
  --max-streams-per-user <number>
                           streams that one user may have open (default: 8)
  --metrics                serve GET /metrics, in Prometheus' text format
  --log-level <level>      debug, info, warn, error or silent: JSON lines on standard error (default: info)
  --log-user-ids           log user ids as they are, and not as [redacted]
  --dev                    make up the secrets that are not set, and print them with a curl line for each route
  --help                   print this

A duration is text with a unit: 90s, 10m, 12h, 1d.

Environment:
  KYC_WEBHOOK_TOKENS       the provider's webhook tokens, separated by commas; not needed if each of --webhooks has an
                           authenticate of its own
  KYC_SUBSCRIPTION_SECRET  the secret that signs subscription tokens, 32 bytes or more
  KYC_SUBSCRIPTION_SECRET_PREVIOUS
                           the one before it, whose tokens are still taken
  KYC_ADMIN_TOKENS         what your back end and the commands events and forget show, separated by commas
                           (default: none, and nobody can log users out, erase them or look at them over HTTP)
  KYC_STORE                the store where --store does not name it: a password in it is not in the list of processes,
                           as one in --store is. In a password, percent-encode / ? # % and : as %2F %3F %23 %25 %3A`,

  async run(args) {
    const options = readOptions(args, {
      port: { type: 'string', default: '8787' },
      host: { type: 'string', default: '127.0.0.1' },
      store: { type: 'string' },
      path: { type: 'string', multiple: true, default: [] },
      webhooks: { type: 'string' },
      'base-path': { type: 'string', default: '' },
      forward: { type: 'string' },
      'forward-timeout': { type: 'string' },
      'max-events': { type: 'string' },
      'max-age': { type: 'string' },
      'allow-origin': { type: 'string', multiple: true, default: [] },
      'max-streams': { type: 'string', default: '20000' },
      'max-streams-per-user': { type: 'string', default: '8' },
      metrics: { type: 'boolean', default: false },
      'log-level': { type: 'string', default: 'info' },
      'log-user-ids': { type: 'boolean', default: false },
      dev: { type: 'boolean', default: false },
    })
    const port = readPort(options.port)
    const webhooks = await readWebhooks(options.webhooks, options.path)
    const secrets = readSecrets(options.dev, webhooks)
    const tokens = subscriptionTokens(secrets.subscriptionSecrets)
    const logger = jsonLogger(options['log-level'], console.error)
    const maxStreams = readCount('--max-streams', options['max-streams'])
    const maxStreamsPerUser = readCount('--max-streams-per-user', options['max-streams-per-user'])
    if (options.host === '') throw new UsageError('--host: expected an address; 0.0.0.0 is all of them')
    const forward = readForward(options.forward, options['forward-timeout'])
    const store = await openStore(options.store, readHistory(options['max-events'], options['max-age']))
    // A store that stays open, as a connection to Redis does, would keep the process from ending.
    try {
      const relay = createRelay({
        store,
        webhooks,
        ...(secrets.webhookTokens.length > 0 && { webhookTokens: secrets.webhookTokens }),
        ...(secrets.adminTokens.length > 0 && { adminTokens: secrets.adminTokens }),
        subscriptionTokens: tokens,
        basePath: options['base-path'],
        ...(forward && { forward }),
        allowedOrigins: options['allow-origin'],
        maxStreams,
        maxStreamsPerUser,
        logger,
        logUserIds: options['log-user-ids'],
        ...(options.metrics && { metrics: processMetrics() }),
      })

      const termination = terminationRequested()
      const { server, url } = await listen(toNodeHandler(relay), { port, host: options.host })
      console.log(`kyc-upload-status relay listening on ${url}${options['base-path']}`)
      if (options.dev) console.log(await devNotes(`${url}${options['base-path']}`, webhooks, secrets, tokens))
      // It starts without Redis, which may come later. Nobody would know why until the first webhook or stream.
      store.checkWritable?.().catch((err: unknown) => logger.error({ err }, 'the store cannot be used'))

      await termination
      await relay.drain()
      await close(server)
    } finally {
      await store.close()
    }
  },
}

interface Secrets {
  webhookTokens: string[]
  adminTokens: string[]
  /** The first one signs. */
  subscriptionSecrets: [string, ...string[]]
}

function readSecrets(dev: boolean, webhooks: readonly WebhookDefinition[]): Secrets {
  const webhookTokens = readTokens('KYC_WEBHOOK_TOKENS')
  const areTokensNeeded = webhookTokens.length === 0 && webhooks.some(({ authenticate }) => !authenticate)
  const subscriptionSecret = readSecret('KYC_SUBSCRIPTION_SECRET')
  const previous = readSecret('KYC_SUBSCRIPTION_SECRET_PREVIOUS')
  if (!dev && areTokensNeeded) throw new UsageError('KYC_WEBHOOK_TOKENS is not set (--dev makes one up)')
  if (!dev && subscriptionSecret === '') throw new UsageError('KYC_SUBSCRIPTION_SECRET is not set (--dev makes one up)')
  return {
    webhookTokens: areTokensNeeded ? [randomBytes(24).toString('hex')] : webhookTokens,
    adminTokens: readTokens('KYC_ADMIN_TOKENS'),
    subscriptionSecrets: [subscriptionSecret || randomBytes(32).toString('hex'), ...(previous ? [previous] : [])],
  }
}

function readForward(url: string | undefined, timeout: string | undefined): ForwardOptions | null {
  if (url !== undefined)
    return { url, ...(timeout !== undefined && { timeout: readDuration('--forward-timeout', timeout) }) }
  if (timeout !== undefined) throw new UsageError('--forward-timeout: expected --forward beside it')
  return null
}

function readHistory(maxEvents: string | undefined, maxAge: string | undefined): History {
  return {
    ...(maxEvents !== undefined && { maxEvents: readCount('--max-events', maxEvents) }),
    ...(maxAge !== undefined && { maxAge: readDuration('--max-age', maxAge) }),
  }
}

async function openStore(option: string | undefined, history: History): Promise<EventStore> {
  const named = option === undefined && process.env.KYC_STORE ? 'KYC_STORE' : '--store'
  const store = option ?? (process.env.KYC_STORE || DEFAULT_STORE)
  if (store === 'memory') return memoryStore(history)
  if (/^rediss?:/.test(store)) return openRedis(store, named, history)
  const file = /^sqlite:(.+)$/.exec(store)?.[1]
  if (file === undefined) throw new UsageError(`${named}: expected sqlite:<file>, redis://<host>:<port> or memory`)
  return openSqlite(file, history)
}

/** Those of the relay, and those of the process: memory, file descriptors, the delay of the event loop. */
function processMetrics(): RelayMetrics {
  const register = new Registry()
  collectDefaultMetrics({ register })
  return prometheusMetrics(register)
}

const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

/** A word of each webhook of the Partner API. */
const WORDS = new Map([
  ['kyc-file', 'ADDED'],
  ['user-balance', 'ACTIVE'],
  ['poa', 'APPROVED'],
  ['kyc-verification', 'APPROVED'],
])

/** A line for each webhook whose body and sender are known; the others are named. */
function curlOf(
  url: string,
  { frame, path, authenticate }: WebhookDefinition,
  webhookToken: string | undefined,
): string {
  const word = WORDS.get(frame)
  if (word === undefined || authenticate || webhookToken === undefined) return `  POST ${url}${path} (${frame})`
  return `  curl --request POST '${url}${path}' --header 'Authorization: ${webhookToken}' --header 'Content-Type: application/json' --data-raw '{"externalUserId": "${USER}", "status": "${word}"}'`
}

async function devNotes(
  url: string,
  webhooks: readonly WebhookDefinition[],
  { webhookTokens: [webhookToken], subscriptionSecrets: [subscriptionSecret] }: Secrets,
  tokens: ReturnType<typeof subscriptionTokens>,
): Promise<string> {
  const subscriptionToken = await tokens.issue(USER, { expiresIn: '12h' })
  return `
Development secrets; set them in the environment to keep them:
${webhookToken === undefined ? '' : `  KYC_WEBHOOK_TOKENS=${webhookToken}\n`}  KYC_SUBSCRIPTION_SECRET=${subscriptionSecret}

Deliver a webhook, as the provider does:
${webhooks.map((webhook) => curlOf(url, webhook, webhookToken)).join('\n')}
Follow its user's stream:
  curl -N '${url}/events/${USER}' --header 'Accept: text/event-stream' --header 'Authorization: Bearer ${subscriptionToken}'
Read the latest events:
  curl '${url}/events/${USER}' --header 'Accept: application/json' --header 'Authorization: Bearer ${subscriptionToken}'
Health, liveness and readiness:
  curl -i '${url}/webhook/health'
  curl -i '${url}/healthz'
  curl -i '${url}/readyz'`
}
