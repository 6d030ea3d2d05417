import { type Command, readOptions } from './command.ts'
import { addressOf, ask, DEFAULT_URL, readAdmin } from './request.ts'

export const forgetCommand: Command = {
  help: `Usage: kyc-upload-status forget --user <id> [options]

Erases a user from the store of a relay that is running, and ends the user's streams.

Options:
  --user <id>  the externalUserId
  --url <url>  where the relay is (default: ${DEFAULT_URL})
  --help       print this

Environment:
  KYC_ADMIN_TOKENS  the relay's admin tokens, separated by commas; the first one is shown`,

  async run(args) {
    const options = readOptions(args, { user: { type: 'string' }, url: { type: 'string', default: DEFAULT_URL } })
    const { user, path, authorization } = readAdmin(options.user)
    await ask(addressOf(options.url, path), { method: 'DELETE', headers: { authorization } }, 204)
    console.log(`204: ${user} is erased`)
  },
}
