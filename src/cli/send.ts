import { kycFileWebhook } from '../protocol/webhooks/kyc-file.ts'
import { type Command, CommandError, readOptions, required, UsageError } from './command.ts'

export const sendCommand: Command = {
  help: `Usage: kyc-upload-status send --user <id> --status ADDED|ERROR [options]

Delivers one webhook to a relay, as the provider does.

Options:
  --user <id>      the externalUserId
  --status <s>     ADDED or ERROR
  --url <url>      where the relay is (default: http://127.0.0.1:8787)
  --token <token>  the webhook token (default: the first of KYC_WEBHOOK_TOKENS)
  --help           print this`,

  async run(args) {
    const options = readOptions(args, {
      user: { type: 'string' },
      status: { type: 'string' },
      url: { type: 'string', default: 'http://127.0.0.1:8787' },
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
    const url = `${options.url.replace(/\/+$/, '')}${kycFileWebhook.path}`
    if (!URL.canParse(url)) throw new UsageError('--url: expected a URL like http://127.0.0.1:8787')
    if (new URL(url).username !== '') throw new UsageError('--url: expected a URL without a name and password')

    const response = await deliver(url, options.token, JSON.stringify(body))
    if (response.status !== 200) {
      throw new CommandError(`the relay answered ${response.status}: ${await response.text()}`)
    }
    console.log(`200: ${body.status} delivered for ${body.externalUserId}`)
  },
}

async function deliver(url: string, token: string, body: string): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { authorization: token, 'content-type': 'application/json' },
      body,
    })
  } catch (error) {
    const { cause = error } = error as Error
    throw new CommandError(`can't reach ${url}: ${cause instanceof Error ? cause.message : cause}`)
  }
}
