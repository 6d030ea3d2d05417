import { type Command, readOptions } from './command.ts'
import { addressOf, ask, DEFAULT_URL, readAdmin } from './request.ts'

export const eventsCommand: Command = {
  help: `Usage: kyc-upload-status events --user <id> [options]

Prints all that a relay keeps of a user, as JSON: events, the names of deliveries, the last log-out.

Options:
  --user <id>  the externalUserId
  --url <url>  where the relay is (default: ${DEFAULT_URL})
  --help       print this

Environment:
  KYC_ADMIN_TOKENS  the relay's admin tokens, separated by commas; the first one is shown`,

  async run(args) {
    const options = readOptions(args, { user: { type: 'string' }, url: { type: 'string', default: DEFAULT_URL } })
    const { path, authorization } = readAdmin(options.user)
    const response = await ask(addressOf(options.url, `${path}/events`), { headers: { authorization } }, 200)
    console.log(JSON.stringify(await response.json(), null, 2))
  },
}
