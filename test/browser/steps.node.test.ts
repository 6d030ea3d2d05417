import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dehydrate, HydrationBoundary, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createKycStatusClient, KycStatusProvider, kycFileStatusOptions } from '../../src/react/index.ts'
import { kycStepOptions, kycTimelineOptions } from '../../src/react/timeline/index.ts'
import { chromiumLaunch } from '../../tools/chromium.ts'
import { address, deliver as deliverSigned, identity, providerSecrets, recipe } from '../relay/other-providers.ts'
import { tokens } from '../relay/serve.ts'
import { hasRedis, RedisServer } from '../relay/stores/redis-server.ts'
import { moveDate } from './moved-date.ts'
import { texts } from './own-webhook/texts.ts'
import { type RelayProcess, type Site, site, USER } from './pages.ts'
import { StepsPage } from './steps-page.tsx'

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(await chromiumLaunch())
})
afterAll(() => browser.close())

const SECOND = 1000
const DAY = 24 * 60 * 60 * SECOND
const STEPS = ['kyc-file', 'poa', 'kyc-verification', 'user-balance']
const PATIENCE = { timeout: 20_000, interval: 20 }

const local = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const styles = `<style>${readFileSync(local('../../src/react/styles.css'), 'utf8')}</style>`
const htmlOf = (body = '') =>
  `<!doctype html><title>page</title>${styles}${body}<script type="module" src="/page.js"></script>`

/** A relay process whose clock a test can move, pages that show all steps, and one browser for them. */
async function setUp(process: RelayProcess = {}, answer = async (_url: string) => htmlOf()) {
  const served = await site(answer, 'steps-page-script.tsx', process)
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  return { ...served, context }
}

/** The runtime of a relay whose clock goes forward by so many milliseconds each time that it is told to. */
const withClock = (move: number): RelayProcess => ({
  runtime: [process.execPath, '--import', local('moved-clock.ts')],
  env: { KYC_TEST_MOVE: `${move}` },
})
async function moveClock({ relay }: Site, times = 1): Promise<void> {
  relay.process.kill('SIGUSR2')
  await relay.printed(new RegExp(`clock moved ${times}`))
}

interface ShownSteps {
  file: string | undefined
  steps: Record<string, string | undefined>
}

/** What a person sees: the answer of the file, and each step, which its card and the timeline have to agree on. */
async function shown(page: Page): Promise<ShownSteps> {
  const { file, timeline, cards } = await page.evaluate(() => {
    const statesOf = (scope: string, part: string) => {
      const elements = document.querySelectorAll<HTMLElement>(`[data-scope="${scope}"][data-part="${part}"]`)
      return Object.fromEntries([...elements].map(({ dataset }) => [dataset.step ?? '', dataset.state]))
    }
    const root = document.querySelector<HTMLElement>('[data-scope="kyc-upload-status"][data-part="root"]')
    const cardsShown = statesOf('kyc-step-status', 'root')
    return { file: root?.dataset.status, timeline: statesOf('kyc-timeline', 'step'), cards: cardsShown }
  })
  expect(cards).toEqual(timeline)
  return { file, steps: timeline }
}

const showsIn = (page: Page, file: string, steps: Record<string, string>) =>
  vi.waitFor(async () => expect(await shown(page)).toMatchObject({ file, steps }), PATIENCE)

const rendersOf = (page: Page) => page.evaluate(() => window.renders)
const rendersStart = (page: Page) =>
  page.evaluate(() => {
    window.renders.length = 0
    window.painted.length = 0
  })
/** What was rendered or painted of a step, in order, without repeats. */
async function seenOf(page: Page, step: string): Promise<string[]> {
  const all = await page.evaluate(() => [...window.renders, ...window.painted])
  return [...new Set(all.flatMap(([of, said]) => (of === step ? [said] : [])))]
}

const STORES = [
  ['memory', async () => 'memory'],
  [
    'SQLite',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'kyc-steps-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      return `sqlite:${join(folder, 'events.sqlite')}`
    },
  ],
  ...(hasRedis
    ? ([
        [
          'Redis',
          async () => {
            const redis = await RedisServer.start()
            onTestFinished(() => redis.end())
            return redis.url
          },
        ],
      ] as const)
    : []),
] as const

/** A page whose HTML a server has rendered, by what it had prefetched. */
async function renderedBy(served: Site): Promise<string> {
  const client = createKycStatusClient({ url: served.relay.url, getToken: () => tokens.issue(USER) })
  const queryClient = new QueryClient()
  const externalUserId = USER
  await Promise.all([
    queryClient.prefetchQuery(kycFileStatusOptions(client, { externalUserId })),
    queryClient.prefetchQuery(kycTimelineOptions(client, { externalUserId, steps: STEPS })),
    ...STEPS.flatMap((step) => [
      queryClient.prefetchQuery(kycStepOptions(client, { externalUserId, step })),
      queryClient.prefetchQuery(kycTimelineOptions(client, { externalUserId, steps: [step] })),
    ]),
  ])
  const state = dehydrate(queryClient)
  const page = createElement(StepsPage, { user: USER, steps: STEPS })
  const provided = createElement(KycStatusProvider, { client }, page)
  const hydrated = createElement(HydrationBoundary, { state }, provided)
  const html = renderToString(createElement(QueryClientProvider, { client: new QueryClient() }, hydrated))
  client.close()
  return htmlOf(`<div id="root">${html}</div><script>window.dehydrated = ${JSON.stringify(state)}</script>`)
}

describe.each(STORES)('on a relay with its store in %s', (name, openStore) => {
  it('a proof of address under review leaves the answer of the file, on every kind of page', async () => {
    let html = htmlOf()
    const served = await setUp({ store: await openStore() }, async () => html)
    const { context, open, deliver } = served
    const expected = ['added', { 'kyc-file': 'done', poa: 'in_review', 'kyc-verification': 'todo' }] as const

    const resumed = await open(context)
    await deliver('ADDED')
    await showsIn(resumed, 'added', { 'kyc-file': 'done', poa: 'todo' })
    await context.setOffline(true)
    await resumed.waitForFunction(() => window.client.getState(window.user).connection.status === 'paused')
    await deliver('WAITING', 'poa')
    await context.setOffline(false)
    await showsIn(resumed, ...expected)

    await showsIn(await open(context), ...expected)
    await showsIn(await open(await newContext(), { transport: 'polling' }), ...expected)
    await showsIn(await open(await newContext()), ...expected)
    await resumed.reload()
    await showsIn(resumed, ...expected)

    html = await renderedBy(served)
    const noScript = await (await newContext({ javaScriptEnabled: false })).newPage()
    await noScript.goto(served.page())
    const states = noScript.locator('[data-scope="kyc-timeline"][data-part="step"]')
    expect(await states.evaluateAll((all) => all.map((li) => li.getAttribute('data-state')))).toEqual([
      'done',
      'in_review',
      'todo',
      'todo',
    ])
    const hydrated = await open(await newContext())
    await showsIn(hydrated, ...expected)
    expect(await seenOf(hydrated, 'poa')).toEqual(['in_review'])
    expect(await seenOf(hydrated, 'useKycFileStatus')).toEqual(['added'])
  })

  it('an upload keeps its answer on a reload, while a proof of address is under review', async () => {
    const { context, open, deliver } = await setUp({ store: await openStore() })
    const page = await open(context)
    await page.evaluate(() => window.client.beginUpload(window.user, { files: 1 }))
    await deliver('ADDED')
    await deliver('WAITING', 'poa')
    await showsIn(page, 'added', { 'kyc-file': 'done', poa: 'in_review' })
    await page.reload()
    await showsIn(page, 'added', { 'kyc-file': 'done', poa: 'in_review' })
    expect(await seenOf(page, 'useKycFileStatus')).not.toContain('error')
  })

  it('a resubmission never shows the old verdict, not for one frame', async () => {
    const { context, open, deliver } = await setUp({ store: await openStore() })
    const page = await open(context)
    await deliver('QUESTIONED', 'poa')
    await showsIn(page, 'none', { poa: 'action_needed' })

    await rendersStart(page)
    await page.evaluate(() => window.client.beginUpload(window.user, { step: 'poa' }))
    await showsIn(page, 'none', { poa: 'in_review' })
    await deliver('WAITING', 'poa')
    await page.waitForFunction(
      () => window.client.getState(window.user).steps.get('poa')?.events.at(-1)?.status === 'WAITING',
    )
    expect(await seenOf(page, 'poa')).toEqual(['in_review'])
    await page.reload()
    await showsIn(page, 'none', { poa: 'in_review' })
    await deliver('APPROVED', 'poa')
    await showsIn(page, 'none', { poa: 'done' })
    expect(await seenOf(page, 'poa')).not.toContain('action_needed')
    expect((await seenOf(page, 'poa')).filter((said) => said !== 'loading' && said !== 'pending')).toEqual([
      'in_review',
      'approved',
      'done',
    ])
  })

  it('a late repeat of WAITING, 10 s after APPROVED, changes nothing', async () => {
    const served = await setUp({ store: await openStore(), ...withClock(10 * SECOND) })
    const { context, open, deliver } = served
    const page = await open(context)
    const tab = await open(context)
    await deliver('WAITING', 'poa')
    await deliver('APPROVED', 'poa')
    for (const each of [page, tab]) {
      await showsIn(each, 'none', { poa: 'done' })
      await rendersStart(each)
    }
    await moveClock(served)
    await deliver('WAITING', 'poa')
    // What comes later has been shown, so what came before has been weighed.
    await deliver('PENDING', 'kyc-verification')
    for (const each of [page, tab]) {
      await showsIn(each, 'none', { poa: 'done', 'kyc-verification': 'in_review' })
      expect(await seenOf(each, 'poa')).toEqual([])
    }
    const fresh = await open(await newContext())
    await showsIn(fresh, 'none', { poa: 'done', 'kyc-verification': 'in_review' })
    expect(await seenOf(fresh, 'poa')).not.toContain('in_review')
  })

  // The clock of Redis is its own and can't be moved, so there the events grow old for real, past a shorter age.
  it('a reader who comes back after 8 days is told each step', async () => {
    const isRedis = name === 'Redis'
    const moved = isRedis ? 0 : 8 * DAY
    const store = await openStore()
    const args = ['--path', 'poa=/webhook/poa', '--path', 'kyc-verification=/webhook/kyc-verification']
    const age = isRedis ? ['--max-age', '1s'] : []
    const served = await setUp({ store, args: [...args, ...age], ...withClock(moved) })
    const { context, open, deliver } = served
    const asleep = await open(context)
    await context.setOffline(true)
    await asleep.waitForFunction(() => window.client.getState(window.user).connection.status === 'paused')
    await deliver('ADDED')
    await deliver('WAITING', 'poa')
    await deliver('QUESTIONED', 'poa')
    await deliver('APPROVED', 'kyc-verification')
    await deliver('ACTIVE', 'user-balance')
    const expected = [
      'added',
      { 'kyc-file': 'done', poa: 'action_needed', 'kyc-verification': 'done', 'user-balance': 'done' },
    ] as const

    const before = Date.now()
    if (isRedis) await vi.waitFor(() => expect(Date.now() - before).toBeGreaterThan(1500), PATIENCE)
    else await moveClock(served)
    const token = await tokenAt(Date.now() + moved)
    const back = await newContext()
    await back.addInitScript(`window.token = ${JSON.stringify(token)}; (${moveDate})(${moved})`)
    await showsIn(await open(back), ...expected)
    await showsIn(await open(back, { transport: 'polling' }), ...expected)

    await asleep.evaluate(`window.token = ${JSON.stringify(token)}; (${moveDate})(${moved})`)
    await context.setOffline(false)
    await showsIn(asleep, ...expected)
  })
})

/** Another browser. */
async function newContext(options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  onTestFinished(() => context.close())
  return context
}

/** A token that was issued at that time, in milliseconds since the epoch. */
async function tokenAt(time: number): Promise<string> {
  vi.useFakeTimers({ toFake: ['Date'], now: time })
  try {
    return await tokens.issue(USER, { expiresIn: '1h' })
  } finally {
    vi.useRealTimers()
  }
}

it('a resubmission from a tab that follows another one shows no old verdict either', async () => {
  const { context, open, deliver } = await setUp()
  const leader = await open(context)
  const tab = await open(context)
  await deliver('QUESTIONED', 'poa')
  for (const page of [leader, tab]) await showsIn(page, 'none', { poa: 'action_needed' })
  await rendersStart(tab)
  await tab.evaluate(() => window.client.beginUpload(window.user, { step: 'poa' }))
  await deliver('WAITING', 'poa')
  await deliver('APPROVED', 'poa')
  for (const page of [leader, tab]) await showsIn(page, 'none', { poa: 'done' })
  expect(await seenOf(tab, 'poa')).toEqual(['in_review', 'approved', 'done'])
})

it('a page shows the old verdict of its HTML, which a server has rendered, until it is hydrated, and never again', async () => {
  let html = htmlOf()
  const served = await setUp({}, async () => html)
  const { context, open, deliver } = served
  const page = await open(context)
  await deliver('QUESTIONED', 'poa')
  await showsIn(page, 'none', { poa: 'action_needed' })
  await page.evaluate(() => window.client.beginUpload(window.user, { step: 'poa' }))
  await showsIn(page, 'none', { poa: 'in_review' })
  html = await renderedBy(served)
  await page.reload()
  await showsIn(page, 'none', { poa: 'in_review' })
  const [hydration, ...later] = (await rendersOf(page)).flatMap(([step, said]) => (step === 'poa' ? [said] : []))
  expect(hydration).toBe('action_needed')
  expect(new Set(later)).toEqual(new Set(['in_review']))
  const painted = await page.evaluate(() => window.painted.flatMap(([step, state]) => (step === 'poa' ? [state] : [])))
  expect(painted).not.toContain('action_needed')
})

describe('a suspicion, and a word that nobody knows', () => {
  type Colour = [red: number, green: number, blue: number]
  /** The colours of a step's icon and text, in its card and in the timeline. */
  const coloursOf = (page: Page, step: string) =>
    page.evaluate((name) => {
      const paint = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')
      const elements = document.querySelectorAll(`[data-step="${name}"]:is([data-part="icon"], [data-part="state"])`)
      return [...elements].map((element): Colour => {
        if (!paint) throw new Error('expected a canvas')
        paint.fillStyle = getComputedStyle(element).color
        paint.fillRect(0, 0, 1, 1)
        const [red = 0, green = 0, blue = 0] = paint.getImageData(0, 0, 1, 1).data
        return [red, green, blue]
      })
    }, step)
  const isRed = ([red, green, blue]: Colour) => red > green + 40 && red > blue + 40
  const isGreen = ([red, green, blue]: Colour) => green > red + 40 && green > blue + 40

  it.each(['light', 'dark'] as const)('are neither red nor green: %s', async (colorScheme) => {
    const { open, deliver } = await setUp({}, async () => htmlOf('<style>:root { color-scheme: light dark }</style>'))
    const page = await open(await newContext({ colorScheme }))
    await deliver('SUSPECTED', 'kyc-verification')
    await deliver('SOMETHING_NEW', 'poa')
    await showsIn(page, 'none', { 'kyc-verification': 'in_review', poa: 'unknown' })
    for (const step of ['kyc-verification', 'poa']) {
      const colours = await coloursOf(page, step)
      expect(colours).toHaveLength(4)
      expect(colours.filter((colour) => isRed(colour) || isGreen(colour))).toEqual([])
    }
    expect(await page.innerHTML('main')).not.toMatch(/suspect|something_new/i)

    // What is red, and what is green, is seen as such.
    await deliver('DENIED', 'kyc-verification')
    await deliver('APPROVED', 'poa')
    await showsIn(page, 'none', { 'kyc-verification': 'declined', poa: 'done' })
    expect((await coloursOf(page, 'kyc-verification')).some(isRed)).toBe(true)
    expect((await coloursOf(page, 'poa')).some(isGreen)).toBe(true)
  })
})

it('all hooks of a user, in all tabs, share one connection', async () => {
  const { context, open, deliver, connections } = await setUp()
  const pages = [await open(context), await open(context), await open(context)]
  await deliver('ADDED')
  await deliver('WAITING', 'poa')
  await Promise.all(pages.map((page) => showsIn(page, 'added', { poa: 'in_review' })))
  expect(await connections()).toBe(1)
  const requests = await Promise.all(pages.map((page) => page.evaluate(() => window.requests)))
  expect(requests.flat().filter((accept) => accept === 'text/event-stream')).toHaveLength(1)
})

it('a hook renders for its step alone, once for each event that changes it', async () => {
  const { context, open, deliver } = await setUp()
  const page = await open(context)
  await showsIn(page, 'none', { poa: 'todo' })
  await rendersStart(page)
  await deliver('WAITING', 'poa')
  await showsIn(page, 'none', { poa: 'in_review' })
  await deliver('WAITING', 'poa')
  await deliver('PENDING', 'kyc-verification')
  await showsIn(page, 'none', { 'kyc-verification': 'in_review' })
  await deliver('ADDED')
  await showsIn(page, 'added', { 'kyc-file': 'done' })
  await deliver('ACTIVE', 'user-balance')
  await showsIn(page, 'added', { 'user-balance': 'done' })
  expect((await rendersOf(page)).map((render) => render.join(' ')).sort()).toEqual([
    'kyc-file approved',
    'kyc-verification in_review',
    'poa in_review',
    'useKycFileStatus added',
    'user-balance approved',
  ])
})

describe('from webhook to screen', () => {
  const itemOf = (page: Page, name: string) => page.getByRole('list').getByRole('listitem').filter({ hasText: name })
  const cardOf = (page: Page, name: string) => page.getByRole('group', { name })

  it('a webhook of one’s own needs one definition and its texts', async () => {
    const { context, open, relay } = await setUp({ args: ['--webhooks', local('own-webhook/webhooks.ts')] })
    await context.addInitScript((messages) => {
      window.messages = messages
    }, texts)
    const page = await open(context, { steps: 'kyc-file,credit-check' })
    const send = async (result: string) => {
      const body = JSON.stringify({ person: USER, result })
      const headers = { authorization: 'first-token' }
      expect(await deliverSigned(relay.url, { path: '/webhook/credit', headers, body })).toBe(200)
    }
    await send('running')
    await showsIn(page, 'none', { 'credit-check': 'in_review' })
    for (const place of [itemOf(page, 'Credit check'), cardOf(page, 'Credit check')])
      expect(await place.innerText()).toContain('We look at your credit history.')
    await send('income_missing')
    await showsIn(page, 'none', { 'credit-check': 'action_needed' })
    for (const place of [itemOf(page, 'Credit check'), cardOf(page, 'Credit check')])
      expect(await place.innerText()).toContain('Please send your last payslip.')
    await send('passed')
    await showsIn(page, 'none', { 'credit-check': 'done' })
    await send('whatever')
    await showsIn(page, 'none', { 'credit-check': 'unknown', 'kyc-file': 'todo' })
  })

  it('two providers of other kinds come the whole way', async () => {
    const { context, open, relay } = await setUp({ args: ['--webhooks', recipe], env: providerSecrets })
    const page = await open(context, { steps: 'identity,address' })
    const send = async (...webhooks: Parameters<typeof deliverSigned>[1][]) => {
      for (const webhook of webhooks) expect(await deliverSigned(relay.url, webhook)).toBe(200)
    }
    await send(identity('check.started', {}), address('received', '2026-11-23T21:20:00+02:00'))
    await showsIn(page, 'none', { identity: 'in_review', address: 'in_review' })
    await send(identity('check.completed', { result: 'rejected' }), address('unreadable', '2026-11-23T21:21:00Z'))
    await showsIn(page, 'none', { identity: 'declined', address: 'action_needed' })
    // It happened before what is known of the address, and says so.
    await send(address('verified', '2026-11-23T21:20:30Z'))
    await send(identity('check.completed', { result: 'clear' }, { id: 'evt_2' }))
    await showsIn(page, 'none', { identity: 'done', address: 'action_needed' })
    await send(address('verified', '2026-11-23T21:22:00Z', { id: 'msg_2' }))
    await showsIn(page, 'none', { identity: 'done', address: 'done' })
  })
})
