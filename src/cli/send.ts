import type { SchemaIssue } from '../protocol/standard-schema.ts'
import type { WebhookDefinition } from '../protocol/webhooks/definition.ts'
import { type PartnerFrame, partnerApi } from '../protocol/webhooks/partner-api.ts'
import { KYC_FILE_FRAME, KYC_FILE_STATUSES } from '../protocol/words.ts'
import { type Command, readOptions, required, UsageError } from './command.ts'
import { addressOf, ask, DEFAULT_URL } from './request.ts'
import { readFrame } from './webhooks.ts'

export const sendCommand: Command = {
  help: `Usage: kyc-upload-status send --user <id> --status <word> [options]

Delivers one webhook to a relay, as the provider does.

Options:
  --user <id>        the externalUserId
  --status <word>    the provider's word: ADDED or ERROR of a file, ACTIVE of balances, APPROVED and others of poa
                     and kyc-verification
  --webhook <frame>  kyc-file, user-balance, poa or kyc-verification (default: kyc-file)
  --path <path>      where the relay takes it in; needed for poa and kyc-verification
  --url <url>        where the relay is (default: ${DEFAULT_URL})
  --token <token>    the webhook token (default: the first of KYC_WEBHOOK_TOKENS)
  --help             print this`,

  async run(args) {
    const options = readOptions(args, {
      user: { type: 'string' },
      status: { type: 'string' },
      webhook: { type: 'string', default: 'kyc-file' },
      path: { type: 'string' },
      url: { type: 'string', default: DEFAULT_URL },
      token: { type: 'string', default: process.env.KYC_WEBHOOK_TOKENS?.split(',')[0]?.trim() ?? '' },
    })
    const body = {
      externalUserId: required(options.user, '--user'),
      status: required(options.status, '--status'),
    }
    const webhook = definitionOf(readFrame('--webhook', options.webhook), options.path)
    const { issues } = await webhook.body['~standard'].validate(body)
    if (issues) throw new UsageError(describe(issues))
    // The relay takes any word. One of a file that no page could show is a slip of whoever types it.
    if (webhook.frame === KYC_FILE_FRAME && !KYC_FILE_STATUSES.some((known) => known === body.status)) {
      throw new UsageError(`--status: expected ${KYC_FILE_STATUSES.map((known) => `"${known}"`).join(' or ')}`)
    }
    if (options.token === '') throw new UsageError('--token is missing, and KYC_WEBHOOK_TOKENS is not set')
    if (!/^[\x21-\x7e]+$/.test(options.token)) throw new UsageError('--token: expected visible ASCII')
    const headers = { authorization: options.token, 'content-type': 'application/json' }
    const address = addressOf(options.url, webhook.path)
    await ask(address, { method: 'POST', headers, body: JSON.stringify(body) }, 200)
    console.log(`200: ${body.status} delivered for ${body.externalUserId}`)
  },
}

function definitionOf(frame: PartnerFrame, path: string | undefined): WebhookDefinition {
  const definitions = partnerApi(path === undefined ? {} : { paths: { [frame]: path } })
  const found = definitions.find((definition) => definition.frame === frame)
  if (!found) throw new UsageError(`--path is missing: where the provider posts ${frame} is not known`)
  return found
}

function describe([issue]: readonly SchemaIssue[]): string {
  return `--${issue?.path?.[0] === 'status' ? 'status' : 'user'}: ${issue?.message}`
}
