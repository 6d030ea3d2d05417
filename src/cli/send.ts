import { kycFileWebhook } from '../protocol/webhooks/kyc-file.ts'
import { type Command, readOptions, required, UsageError } from './command.ts'
import { addressOf, ask, DEFAULT_URL } from './request.ts'

export const sendCommand: Command = {
  help: `Usage: kyc-upload-status send --user <id> --status ADDED|ERROR [options]

Delivers one webhook to a relay, as the provider does.

Options:
  --user <id>      the externalUserId
  --status <s>     ADDED or ERROR
  --url <url>      where the relay is (default: ${DEFAULT_URL})
  --token <token>  the webhook token (default: the first of KYC_WEBHOOK_TOKENS)
  --help           print this`,

  async run(args) {
    const options = readOptions(args, {
      user: { type: 'string' },
      status: { type: 'string' },
      url: { type: 'string', default: DEFAULT_URL },
      token: { type: 'string', default: process.env.KYC_WEBHOOK_TOKENS?.split(',')[0]?.trim() ?? '' },
    })
    const body = {
      externalUserId: required(options.user, '--user'),
      status: required(options.status, '--status'),
    }
    const checked = kycFileWebhook.body.safeParse(body)
    if (!checked.success) {
      const [issue] = checked.error.issues
      throw new UsageError(`--${issue?.path[0] === 'status' ? 'status' : 'user'}: ${issue?.message}`)
    }
    if (options.token === '') throw new UsageError('--token is missing, and KYC_WEBHOOK_TOKENS is not set')
    if (!/^[\x21-\x7e]+$/.test(options.token)) throw new UsageError('--token: expected visible ASCII')
    const headers = { authorization: options.token, 'content-type': 'application/json' }
    const address = addressOf(options.url, kycFileWebhook.path)
    await ask(address, { method: 'POST', headers, body: JSON.stringify(body) }, 200)
    console.log(`200: ${body.status} delivered for ${body.externalUserId}`)
  },
}
