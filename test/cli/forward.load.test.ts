import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { openStream, tokens } from '../relay/serve.ts'
import { secrets, start } from './process.ts'

/** A second of the provider and of the back end takes as many milliseconds here. */
const SECOND = 50
/** How long the back end is away, in seconds. */
const AWAY = 100
/** What the provider waits before it delivers again, in seconds. */
const RETRIES = [8, 16, 32, 64]

const USERS = Array.from({ length: 50 }, (_, i) => `user-${i}`)
const KINDS = ['kyc-files/status', 'balances/changed', 'transfers/status', 'cards/issued'] as const
const WEBHOOKS = 1000

/** A back end that keeps the numbers of what it has taken, and can be away. */
function backEnd() {
  const taken: number[] = []
  const server = createServer(async (message, response) => {
    const { n } = JSON.parse(Buffer.concat(await message.toArray()).toString())
    if (message.headers.authorization === 'first-token') taken.push(n)
    response.writeHead(message.headers.authorization === 'first-token' ? 200 : 401).end()
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { taken, listen, close }
}

it('brings everything to a back end that was away, and each upload to its page once', async () => {
  const { taken, listen, close } = backEnd()
  const port = await listen(0)
  onTestFinished(close)
  await close()
  const args = ['--port', '0', '--store', 'memory', '--log-level', 'silent', '--forward', `http://127.0.0.1:${port}`]
  const relay = await start(['relay', ...args], secrets)
  const pages = await Promise.all(
    USERS.map(async (user) => {
      const authorization = `Bearer ${await tokens.issue(user)}`
      const stream = await openStream(`${relay.url}/events/${user}`, { authorization })
      await stream.untilSync()
      return stream
    }),
  )

  let attempts = 0
  const deliver = async (n: number): Promise<boolean> => {
    attempts++
    const response = await fetch(`${relay.url}/webhook/${KINDS[n % KINDS.length]}`, {
      method: 'POST',
      headers: { authorization: 'first-token', 'content-type': 'application/json' },
      body: JSON.stringify({ n, externalUserId: USERS[Math.floor(n / KINDS.length) % USERS.length], status: 'ADDED' }),
    })
    await response.arrayBuffer()
    if (response.status !== 200) expect(response.status).toBe(502)
    return response.status === 200
  }
  const deliverAgainAndAgain = async (n: number): Promise<boolean> => {
    // They come within the time that the back end is away.
    await wait((n / WEBHOOKS) * AWAY * SECOND)
    for (const seconds of RETRIES) {
      if (await deliver(n)) return true
      await wait(seconds * SECOND)
    }
    return deliver(n)
  }
  const back = wait(AWAY * SECOND).then(() => listen(port))
  const delivered = await Promise.all(Array.from({ length: WEBHOOKS }, (_, n) => deliverAgainAndAgain(n)))
  await back

  // What is stored now comes after all that was stored before.
  const uploads = WEBHOOKS / KINDS.length / USERS.length
  const ids = await Promise.all(
    pages.map(async (page, i) => {
      const body = { n: -1, externalUserId: USERS[i], status: 'ERROR' }
      const headers = { authorization: 'first-token', 'content-type': 'application/json' }
      const init = { method: 'POST', headers, body: JSON.stringify(body) }
      expect((await fetch(`${relay.url}/webhook/${KINDS[0]}`, init)).status).toBe(200)
      const seen: string[] = []
      for (;;) {
        const { id = '', data } = await page.next()
        if (JSON.parse(data).status === 'ERROR') return seen
        seen.push(id)
      }
    }),
  )
  const all = new Set(taken.filter((n) => n >= 0))
  console.log(
    `a back end that is away for ${AWAY} s of ${RETRIES.length} retries: ${WEBHOOKS} webhooks of ${KINDS.length} kinds ` +
      `in ${attempts} attempts; the back end has ${all.size}, ${delivered.filter((done) => !done).length} lost; ` +
      `the pages have ${ids.flat().length} of ${uploads * USERS.length} uploads, ` +
      `${ids.flat().length - ids.reduce((sum, of) => sum + new Set(of).size, 0)} repeated`,
  )
  expect(delivered).not.toContain(false)
  expect(all.size).toBe(WEBHOOKS)
  expect(attempts).toBeGreaterThan(WEBHOOKS)
  expect(ids.map((seen) => [seen.length, new Set(seen).size])).toEqual(USERS.map(() => [uploads, uploads]))
})
