import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { isLong } from '../long.ts'
import { openStream, type Stream, tokens } from '../relay/serve.ts'
import { Account, audit, type Findings, NOTHING_WRONG, type Page, sum } from './ledger.ts'
import { launch, secrets, start } from './process.ts'
import { Sender } from './sender.ts'

/** Each lane has a relay and a file of its own, because a start is mostly one core's work. */
const LANES = 2
const ROUNDS = isLong ? 110 : 10
/** Senders that are busy at once; each has a user of its own. */
const SENDERS = 8
/** What a user gets in a round at most: the page that is away meanwhile has to find all of it in the history of 32. */
const EVENTS_PER_ROUND = 30
/** When the relay is killed at the latest, in milliseconds after its load has begun. */
const LATEST_KILL = 150
/** Each so many rounds a relay is killed while it starts, too: while it reads the log that the last kill left behind. */
const KILLED_START_EVERY = 10
const LATEST_KILLED_START = 250

/** In full it takes a minute on two idle cores, and has taken two on a machine that did other work. In milliseconds. */
const TIME_LIMIT = 300_000

/** The kills of a seed come at the same times again; what the relay is doing then is the machine's. */
const seed = Number(process.env.KILL_SEED ?? Math.floor(Math.random() * 1e6))

it(
  'loses nothing that it acknowledged when it is killed at random moments under load',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kyc-kill-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    // Most of a start is compiling, so Node.js keeps what it has compiled, which it does at the first clean end.
    const env = { ...secrets, NODE_COMPILE_CACHE: join(folder, 'compiled') }
    await (await start(['relay', '--port', '0', '--store', `sqlite:${join(folder, 'first.sqlite')}`], env)).stop()
    const lanes = await Promise.all(
      Array.from({ length: LANES }, (_, i) => runLane(join(folder, `${i}.sqlite`), env, random(seed + i))),
    )
    const count = (of: (lane: Lane) => number) => sum(lanes.map(of))
    const total = (name: keyof Findings) => count((lane) => lane.findings[name])

    const kills = count((lane) => lane.kills)
    const acknowledged = count((lane) => sum(lane.accounts.map((account) => account.acknowledged)))
    const brokenOff = count((lane) => sum(lane.senders.map((sender) => sender.brokenOff)))
    const stored = count((lane) => lane.storedUnanswered)
    const startsKilled = count((lane) => lane.startsKilled)
    console.log(
      `killed ${kills} times: ${acknowledged.toLocaleString('en')} webhooks acknowledged, ${total('lost')} lost, ` +
        `${total('repeated')} ids repeated, ${total('outOfOrder')} out of order (seed ${seed})\n` +
        `${brokenOff.toLocaleString('en')} webhooks broken off by ${count((lane) => lane.killsUnderLoad)} of the kills, ` +
        `${stored.toLocaleString('en')} of them stored before it; ${total('doubled')} stored twice when sent again; ` +
        `${startsKilled} starts killed`,
    )

    for (const { findings } of lanes) {
      expect(findings).toEqual(NOTHING_WRONG)
    }
    expect(count((lane) => sum(lane.senders.map((sender) => sender.refused)))).toBe(0)
    // The rest shows that there was something to lose.
    expect(kills).toBe(LANES * ROUNDS)
    expect(acknowledged).toBeGreaterThan(2 * kills)
    expect(count((lane) => lane.killsUnderLoad)).toBeGreaterThan(0.9 * kills)
    expect(count((lane) => lane.liveEvents)).toBeGreaterThan(acknowledged / 2)
    expect(stored).toBeGreaterThan(0)
    expect(stored).toBeLessThan(brokenOff)
    expect(startsKilled).toBeGreaterThan(0)
  },
  TIME_LIMIT,
)

interface Lane {
  accounts: Account[]
  senders: Sender[]
  findings: Findings
  kills: number
  /** Kills that broke a webhook off. */
  killsUnderLoad: number
  startsKilled: number
  /** Webhooks whose answer never came, and which had been stored. */
  storedUnanswered: number
  /** Events that came to a page after `sync`. */
  liveEvents: number
}

async function runLane(file: string, env: Record<string, string>, next: () => number): Promise<Lane> {
  const accounts = Array.from({ length: SENDERS }, (_, i) => new Account(`user-${i}`))
  const senders = accounts.map((account) => new Sender(account))
  const lane: Lane = {
    accounts,
    senders,
    findings: NOTHING_WRONG,
    kills: 0,
    killsUnderLoad: 0,
    startsKilled: 0,
    storedUnanswered: 0,
    liveEvents: 0,
  }
  const command = ['relay', '--port', '0', '--store', `sqlite:${file}`]
  const broken = () => sum(senders.map((sender) => sender.brokenOff))

  for (let round = 0; round < ROUNDS; round++) {
    if (round % KILLED_START_EVERY === KILLED_START_EVERY - 1) {
      const starting = launch(command, env)
      const exited = once(starting, 'exit')
      await wait(next() * LATEST_KILLED_START)
      starting.kill('SIGKILL')
      await exited
      lane.startsKilled++
    }
    const relay = await start(command, env)
    const streams = await openAll(relay.url, accounts)
    lane.findings = add(lane.findings, accounts)
    lane.storedUnanswered += sum(accounts.map(({ returning, acknowledged }) => returning.ids.length - acknowledged))

    const before = broken()
    const load = senders.map((sender) => sender.send(relay.url, EVENTS_PER_ROUND))
    // Squared: most kills come early, and some after enough of a load for the log to be written back.
    // A fast machine is killed as soon as one sender is done, while the others still send.
    await Promise.race([wait(next() ** 2 * LATEST_KILL), ...load])
    expect(await relay.stop('SIGKILL')).toBe('SIGKILL')
    lane.kills++
    await Promise.all(load)
    if (broken() > before) lane.killsUnderLoad++
    lane.liveEvents += await readToEnd(streams, accounts)
  }

  // What is still under way gets its answer, and the last relay is asked for all of it: now the counts have to be the same.
  const last = await start(command, env)
  await Promise.all(senders.map((sender) => sender.send(last.url, 1)))
  await last.stop('SIGKILL')
  const again = await start(command, env)
  for (const stream of await openAll(again.url, accounts)) stream.close()
  lane.findings = add(lane.findings, accounts)
  expect(accounts.map((account) => account.isOneUnderWay)).not.toContain(true)
  await again.stop()
  return lane
}

/** Both pages of each user come back; the streams of those that stay are returned. */
async function openAll(url: string, accounts: readonly Account[]): Promise<Stream[]> {
  return Promise.all(
    accounts.map(async ({ externalUserId, returning, staying }) => {
      const [away, live] = await Promise.all([open(url, externalUserId, returning), open(url, externalUserId, staying)])
      away.close()
      return live
    }),
  )
}

async function open(url: string, externalUserId: string, page: Page): Promise<Stream> {
  const stream = await openStream(`${url}/events/${externalUserId}`, {
    authorization: `Bearer ${await token(externalUserId)}`,
    ...(page.cursor !== undefined && { 'last-event-id': page.cursor }),
  })
  for (const message of await stream.untilSync()) page.receive(message)
  return stream
}

const issued = new Map<string, Promise<string>>()

function token(externalUserId: string): Promise<string> {
  const known = issued.get(externalUserId) ?? tokens.issue(externalUserId, { expiresIn: '1h' })
  issued.set(externalUserId, known)
  return known
}

/** Takes in what came live before the relay died. */
async function readToEnd(streams: readonly Stream[], accounts: readonly Account[]): Promise<number> {
  const heard = await Promise.all(streams.map((stream) => stream.ended))
  for (const [i, messages] of heard.entries()) {
    for (const message of messages) accounts[i]?.staying.receive(message)
  }
  return sum(heard.map((messages) => messages.length))
}

/** The worst of each that any audit has seen. */
function add(found: Findings, accounts: readonly Account[]): Findings {
  const latest = accounts.map(audit)
  const worst = (name: keyof Findings) => Math.max(found[name], sum(latest.map((findings) => findings[name])))
  return {
    lost: worst('lost'),
    misplaced: worst('misplaced'),
    doubled: worst('doubled'),
    repeated: worst('repeated'),
    outOfOrder: worst('outOfOrder'),
    differing: worst('differing'),
    incomplete: worst('incomplete'),
  }
}

/** Numbers from 0 to 1, the same again for the same seed (mulberry32). */
function random(from: number): () => number {
  let state = from
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
