import { Agent, request } from 'node:http'
import { Account } from './ledger.ts'
import { secrets } from './process.ts'

const [TOKEN = ''] = secrets.KYC_WEBHOOK_TOKENS.split(',')

/**
 * Delivers the webhooks of one user as the provider does: over one connection that stays open, one at a time, and each
 * again under its `webhook-id` until it is answered with 200.
 */
export class Sender {
  readonly account: Account
  /** Webhooks that were sent and got no answer at all, each time counted. */
  brokenOff = 0
  /** Webhooks that got another answer than 200. */
  refused = 0

  constructor(account: Account) {
    this.account = account
  }

  /**
   * Sends until the relay is gone, or `limit` webhooks have been acknowledged.
   *
   * @param limit - keeps the user within what the relay's history holds for a page that is away meanwhile.
   */
  async send(url: string, limit: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    try {
      for (let sent = 0; sent < limit; sent++) {
        this.account.isOneUnderWay = true
        const status = await deliver(url, agent, this.account)
        if (status === null) {
          this.brokenOff++
          return
        }
        if (status !== 200) {
          this.refused++
          return
        }
        this.account.isOneUnderWay = false
        this.account.acknowledged++
      }
    } finally {
      agent.destroy()
    }
  }
}

/** Sends the webhook that is next for a user. `null` if the connection broke before its answer. */
function deliver(url: string, agent: Agent, { externalUserId, acknowledged }: Account): Promise<number | null> {
  return new Promise((resolve) => {
    const headers = {
      authorization: TOKEN,
      'content-type': 'application/json',
      'webhook-id': `${externalUserId}/${acknowledged}`,
    }
    const outgoing = request(`${url}/webhook/kyc-files/status`, { method: 'POST', agent, headers }, (response) => {
      response
        .on('error', () => resolve(null))
        .on('end', () => resolve(response.statusCode ?? null))
        .resume()
    })
    outgoing.on('error', () => resolve(null))
    outgoing.end(JSON.stringify({ externalUserId, status: Account.statusAt(acknowledged) }))
  })
}
