import { subscriptionTokens } from '../relay/access/subscription-tokens.ts'
import { type Command, readDuration, readOptions, readSecret, required } from './command.ts'

export const tokenCommand: Command = {
  help: `Usage: kyc-upload-status token --user <id> [options]

Prints a subscription token, which lets a page read the stream of one user.

Options:
  --user <id>           the externalUserId
  --expires <duration>  how long it holds: 90s, 10m, 12h, 1d (default: 10m)
  --help                print this

Environment:
  KYC_SUBSCRIPTION_SECRET  the secret that the relay verifies with, 32 bytes or more`,

  async run(args) {
    const options = readOptions(args, {
      user: { type: 'string' },
      expires: { type: 'string', default: '10m' },
    })
    const user = required(options.user, '--user')
    readDuration('--expires', options.expires)
    const secret = required(readSecret('KYC_SUBSCRIPTION_SECRET'), 'KYC_SUBSCRIPTION_SECRET')
    console.log(await subscriptionTokens(secret).issue(user, { expiresIn: options.expires }))
  },
}
