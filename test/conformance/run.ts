import { parseArgs } from 'node:util'
import { startRelay } from './relay-process.ts'
import { counts, failure, table } from './report.ts'
import { readSettings, type Settings, SettingsError } from './settings.ts'
import { checks, type Result, runSuite } from './suite.ts'

const HELP = `Usage: npm run conformance -- [options]

Drives a running relay over HTTP alone, and says of each rule whether it holds. Without options it starts the relay command
of the built package, once with each store, and drives that.

Options:
  --url <url>      where the relay listens, http://127.0.0.1:8787 for example
  --config <file>  JSON: { "webhookToken", "subscriptionSecret", "adminToken"?, "basePath"?, "allowedOrigin"?,
                   "keptEvents"?, "streamsPerUser"? }; checks that need what it leaves out are skipped
                   (default: the first of KYC_WEBHOOK_TOKENS and of KYC_ADMIN_TOKENS, and KYC_SUBSCRIPTION_SECRET)
  --help           print this

Exit codes: 0 no rule is broken, 1 one is, 2 wrong use.`

/** What was asked for can't be done as it was asked for. */
class UsageError extends Error {
  override readonly name = 'UsageError'
}

async function main(args: string[]): Promise<number> {
  const { url, config, help } = readArguments(args)
  if (help) {
    console.log(HELP)
    return 0
  }
  if (url !== undefined) return report(await drive(url, readSettings(config, process.env)))
  if (config !== undefined) throw new UsageError('--config: expected --url beside it')
  let exitCode = 0
  for (const store of ['memory', 'sqlite'] as const) {
    const relay = await startRelay(store)
    try {
      console.log(`\nThe relay command with its ${store} store`)
      exitCode = Math.max(exitCode, report(await drive(relay.url, relay.settings)))
    } finally {
      await relay.stop()
    }
  }
  return exitCode
}

function readArguments(args: string[]) {
  try {
    const options = { url: { type: 'string' }, config: { type: 'string' }, help: { type: 'boolean' } } as const
    const { values } = parseArgs({ args, options, strict: true, allowPositionals: false })
    if (values.url !== undefined && !/^http:\/\/[^/?#]+\/?$/.test(values.url)) {
      throw new Error('--url: expected http://<host>:<port>; a path belongs in basePath')
    }
    return values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

async function drive(url: string, settings: Settings): Promise<Result[]> {
  await fetch(url).catch(() => {
    throw new UsageError(`--url: nothing answers at ${url}`)
  })
  let done = 0
  return runSuite(url, settings, ({ check, outcome }) => {
    done++
    const failed = outcome === 'failed' ? `failed: ${check.topic}: ${check.rule}\n` : ''
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${failed}${done} of ${checks.length} checks are done`)
    else if (failed || done % 50 === 0) process.stderr.write(failed || `${done} of ${checks.length} checks are done\n`)
  }).finally(() => process.stderr.isTTY && process.stderr.write('\r\u001b[K'))
}

function report(results: readonly Result[]): number {
  const failed = results.filter(({ outcome }) => outcome === 'failed')
  console.log(table(results))
  for (const result of failed) console.log(`\n${failure(result)}`)
  console.log(`\n${counts(results)}`)
  return failed.length > 0 ? 1 : 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageError || error instanceof SettingsError)) throw error
  console.error(`conformance: ${error.message} (see --help)`)
  process.exitCode = 2
}
