import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { isLong } from '../long.ts'
import { openStream, type Stream, tokens } from '../relay/serve.ts'
import { describeWithRedis, RedisServer, TcpProxy } from '../relay/stores/redis-server.ts'
import { Account, audit, NOTHING_WRONG, type Page, sum } from './ledger.ts'
import { type Running, secrets, start } from './process.ts'
import { Sender } from './sender.ts'

/** Each fault has a quarter of them. */
const ROUNDS = isLong ? 200 : 40
/** Two relays for the first half of the rounds, four for the second. */
const RELAYS = [2, 4]
/** Senders that are busy at once; each has a user of its own. */
const SENDERS = 8
/** What a user gets in a round at most: a page that is away meanwhile has to find all of it in the history of 32. */
const EVENTS_PER_ROUND = 25
/** When something breaks at the latest, in milliseconds after the load has begun. */
const LATEST_FAULT = 60
const TIME_LIMIT = 400_000

const FAULTS = ['a relay is killed', 'Redis is killed', 'a connection is cut', 'a connection is away'] as const
type Fault = (typeof FAULTS)[number]

/** A relay process that has Redis behind a proxy of its own. */
interface Node {
  proxy: TcpProxy
  relay: Running
}

/** The page of a user that stays, at a relay that its user's webhooks do not come to. */
interface Follower {
  stream: Stream
  hasEnded: boolean
}

describeWithRedis('relays that share a Redis', () => {
  it(
    'lose nothing that was acknowledged, and bring each event to its page once, whatever breaks under load',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'kyc-redis-faults-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      const env = { ...secrets, NODE_COMPILE_CACHE: join(folder, 'compiled') }
      const redis = await RedisServer.start()
      onTestFinished(() => redis.end())
      const accounts = Array.from({ length: SENDERS }, (_, i) => new Account(`user-${i}`))
      const senders = accounts.map((account) => new Sender(account))
      const faults = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]))
      let live = 0

      const startNode = async (proxy: TcpProxy, url: string): Promise<Node> => {
        const relay = await start(['relay', '--port', '0', '--store', url, '--log-level', 'silent'], env)
        return { proxy, relay }
      }
      for (const count of RELAYS) {
        const proxies = await Promise.all(
          Array.from({ length: count }, async () => {
            const proxy = new TcpProxy(redis.port)
            return { proxy, url: await proxy.listen() }
          }),
        )
        const nodes = await Promise.all(proxies.map(({ proxy, url }) => startNode(proxy, url)))
        const isReady = async ({ relay }: Node) => {
          expect((await fetch(`${relay.url}/readyz`)).status).toBe(200)
        }
        const allReady = () => vi.waitFor(() => Promise.all(nodes.map(isReady)), { timeout: 20_000, interval: 10 })
        await allReady()
        const urlOf = (i: number) => nodes[i % count]?.relay.url ?? ''
        const follow = (i: number, account: Account) => openFollower(urlOf(i + 1), account)
        // From here on both pages of a user have a cursor.
        for (const { externalUserId, returning } of accounts) (await open(urlOf(0), externalUserId, returning)).close()
        const followers = await Promise.all(accounts.map((account, i) => follow(i, account)))

        for (let round = 0; round < ROUNDS / RELAYS.length; round++) {
          const fault = FAULTS[round % FAULTS.length] as Fault
          const victim = (round / FAULTS.length) | 0
          const index = victim % count
          const node = nodes[index] as Node
          const load = senders.map((sender, i) => sender.send(urlOf(i), EVENTS_PER_ROUND))
          await wait(Math.random() * LATEST_FAULT)
          faults.set(fault, (faults.get(fault) ?? 0) + 1)
          switch (fault) {
            case 'a relay is killed':
              await node.relay.stop('SIGKILL')
              nodes[index] = await startNode(node.proxy, proxies[index]?.url ?? '')
              break
            case 'Redis is killed':
              await redis.stop('SIGKILL')
              await redis.start()
              break
            case 'a connection is cut':
              node.proxy.cut()
              break
            case 'a connection is away':
              node.proxy.down()
              await wait(Math.random() * LATEST_FAULT)
              node.proxy.up()
          }
          await Promise.all(load)
          await allReady()
          // What got no answer, or a refusal, is delivered again and again, as the provider does: what `/readyz` says may be a
          // second old.
          await Promise.all(
            senders.map((sender, i) =>
              vi.waitFor(
                async () => {
                  if (sender.account.isOneUnderWay) await sender.send(urlOf(i + 2), 1)
                  expect(sender.account.isOneUnderWay).toBe(false)
                },
                { timeout: 10_000, interval: 100 },
              ),
            ),
          )

          for (const [i, account] of accounts.entries()) {
            expect(account.isOneUnderWay).toBe(false)
            const away = await open(urlOf(i + round), account.externalUserId, account.returning)
            away.close()
            const follower = followers[i] as Follower
            if (follower.hasEnded) followers[i] = await follow(i, account)
            // A stream that has lived through it is told what it has missed, without being asked for anew.
            await vi.waitFor(() => expect(account.staying.ids.length).toBe(account.returning.ids.length), {
              timeout: 10_000,
              interval: 5,
            })
            live++
          }
          expect(accounts.map(audit)).toEqual(accounts.map(() => NOTHING_WRONG))
        }
        for (const { stream } of followers) stream.close()
        await Promise.all(nodes.map(({ relay }) => relay.stop('SIGKILL')))
        await Promise.all(proxies.map(({ proxy }) => proxy.close()))
      }

      const acknowledged = sum(accounts.map((account) => account.acknowledged))
      const broken = sum(senders.map((sender) => sender.brokenOff))
      const refused = sum(senders.map((sender) => sender.refused))
      console.log(
        `${[...faults].map(([fault, times]) => `${fault} ${times} times`).join(', ')}: ` +
          `${acknowledged.toLocaleString('en')} webhooks acknowledged, 0 lost, 0 ids repeated, 0 stored twice; ` +
          `${broken} broken off and ${refused} refused, all of them delivered again; ${live} times a page had caught up`,
      )
      expect(acknowledged).toBeGreaterThan(10 * ROUNDS)
      expect(broken).toBeGreaterThan(ROUNDS / 8)
      expect(refused).toBeGreaterThan(ROUNDS / 8)
    },
    TIME_LIMIT,
  )
})

/** A stream that ends before its `sync` is opened again, as a page does: what `/readyz` says may be a second old. */
function open(url: string, externalUserId: string, page: Page): Promise<Stream> {
  return vi.waitFor(() => openOnce(url, externalUserId, page), { timeout: 10_000, interval: 100 })
}

async function openOnce(url: string, externalUserId: string, page: Page): Promise<Stream> {
  const stream = await openStream(`${url}/events/${externalUserId}`, {
    authorization: `Bearer ${await tokens.issue(externalUserId, { expiresIn: '1h' })}`,
    ...(page.cursor !== undefined && { 'last-event-id': page.cursor }),
  })
  for (const message of await stream.untilSync()) page.receive(message)
  return stream
}

/** Opens the stream of a page that stays, and takes in whatever comes. */
async function openFollower(url: string, { externalUserId, staying }: Account): Promise<Follower> {
  const follower: Follower = { stream: await open(url, externalUserId, staying), hasEnded: false }
  void (async () => {
    for (;;) staying.receive(await follower.stream.next())
  })().catch(() => {
    follower.hasEnded = true
  })
  return follower
}
