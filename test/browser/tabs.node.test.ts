import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { chromiumLaunch } from '../../tools/chromium.ts'
import { type Site, site } from './pages.ts'

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(await chromiumLaunch())
})
afterAll(() => browser.close())

const SLOW = { timeout: 40_000 }

/** One browser with as many tabs. */
async function tabs(count: number, script?: string): Promise<Site & { context: BrowserContext; pages: Page[] }> {
  const served = await site(undefined, script)
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const pages: Page[] = []
  for (let i = 0; i < count; i++) pages.push(await served.open(context))
  return { ...served, context, pages }
}

const outcomeIn = (page: Page, outcome: string) =>
  page.waitForFunction((expected) => window.seen.at(-1) === expected, outcome, { polling: 20, timeout: 20_000 })

const statusIn = (page: Page, status: string) =>
  page.waitForFunction((expected) => window.client.getState(window.user).connection.status === expected, status, {
    polling: 20,
    timeout: 20_000,
  })

it('share one connection, and each sees what happens', SLOW, async () => {
  const { pages, deliver, connections } = await tabs(4)
  expect(await connections()).toBe(1)
  await deliver('ERROR')
  await Promise.all(pages.map((page) => outcomeIn(page, 'error')))
  await deliver('ADDED')
  await Promise.all(pages.map((page) => outcomeIn(page, 'added')))
  for (const page of pages) expect(await page.evaluate(() => window.seen)).toEqual(['none', 'error', 'added'])
  expect(await connections()).toBe(1)
  // A stream; and for each tab that follows a look at first, and one for each event.
  const requests = await Promise.all(pages.map((page) => page.evaluate(() => window.requests)))
  expect(requests.flat().filter((accept) => accept === 'text/event-stream')).toHaveLength(1)
  expect(requests.flat().length).toBeLessThanOrEqual(1 + 3 * 3)
})

it('do without each other where the browser does not let them use its locks', SLOW, async () => {
  const { context, open, deliver } = await tabs(0)
  await context.addInitScript(() => {
    navigator.locks.request = () => Promise.reject(new DOMException('denied', 'SecurityError'))
  })
  const pages = [await open(context), await open(context)]
  await pages[0]?.evaluate(() => window.client.beginUpload(window.user))
  await deliver('ADDED')
  await Promise.all(pages.map((page) => outcomeIn(page, 'added')))
  await pages[0]?.waitForFunction(() => window.told.length > 0)
})

it('all hear what happens where a proxy swallows streams', { timeout: 60_000 }, async () => {
  const { context, open, deliver } = await tabs(0)
  await context.addInitScript(() => {
    window.swallowsStreams = true
  })
  const pages = [await open(context), await open(context)]
  await deliver('ADDED')
  await Promise.all(pages.map((page) => outcomeIn(page, 'added')))
})

it('count no answer to an upload before, also in a tab that follows', SLOW, async () => {
  const { pages, deliver } = await tabs(2)
  const [, follower] = pages as [Page, Page]
  await deliver('ADDED')
  // At once: the tab that leads may not have said yet that there is news.
  await follower.evaluate(() => window.client.beginUpload(window.user))
  await outcomeIn(follower, 'waiting')
  await deliver('ERROR')
  await outcomeIn(follower, 'error')
  const { status } = await follower.evaluate(() => window.client.getState(window.user))
  expect(status?.files).toEqual({ expected: 1, added: 0, failed: 1 })
})

it('have another one lead when the one that leads is closed, and miss nothing', SLOW, async () => {
  const { pages, deliver, connections } = await tabs(3)
  const [leader, ...others] = pages
  await Promise.all([leader?.close(), deliver('ADDED')])
  await Promise.all(others.map((page) => outcomeIn(page, 'added')))
  await vi.waitFor(async () => expect(await connections()).toBe(1), { timeout: 5000 })
  await deliver('ERROR')
  await Promise.all(others.map((page) => outcomeIn(page, 'error')))
})

it('have another one lead when the one that leads crashes', SLOW, async () => {
  const { pages, deliver, context } = await tabs(3)
  const [leader, ...others] = pages as [Page, Page, Page]
  const session = await context.newCDPSession(leader)
  const crashed = leader.waitForEvent('crash')
  void session.send('Page.crash').catch(() => {})
  await crashed
  await deliver('ADDED')
  await Promise.all(others.map((page) => outcomeIn(page, 'added')))
})

it('have another one lead when the one that leads hangs, and it follows when it is back', SLOW, async () => {
  const { pages, deliver, connections } = await tabs(2)
  const [leader, other] = pages as [Page, Page]
  await leader.evaluate(() => {
    const began = performance.now()
    setTimeout(() => {
      while (performance.now() - began < 15_000) {
        // nothing gets through
      }
    })
  })
  await deliver('ADDED')
  await outcomeIn(other, 'added')
  const isBack = leader.evaluate(() => true)
  expect(await Promise.race([isBack, other.evaluate(() => 'the other one was first')])).toBe('the other one was first')
  await outcomeIn(leader, 'added')
  await deliver('ERROR')
  await Promise.all(pages.map((page) => outcomeIn(page, 'error')))
  await vi.waitFor(async () => expect(await connections()).toBe(1), { timeout: 5000 })
})

describe('signed out in one', () => {
  it.each([
    ['the one that leads', 0],
    ['one that follows', 1],
  ])('of them, %s, are signed out at once, and stay so', SLOW, async (_, which) => {
    const { pages, deliver, connections } = await tabs(3)
    const requestsOf = () => Promise.all(pages.map((page) => page.evaluate(() => window.requests.length)))
    await Promise.all(pages.map((page) => page.evaluate(() => window.client.beginUpload(window.user))))
    await pages[which]?.evaluate(() => window.client.signOut())
    await Promise.all(pages.map((page) => statusIn(page, 'idle')))
    for (const page of pages) {
      const { status, attempt } = await page.evaluate(() => window.client.getState(window.user))
      expect([status, attempt]).toEqual([null, null])
      expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([])
      expect(await page.evaluate(async () => (await navigator.locks.query()).held)).toEqual([])
    }
    await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 5000 })
    const requests = await requestsOf()
    await deliver('ADDED')
    // Longer than a tab waits for one that leads before it looks by itself.
    await pages[0]?.evaluate(() => new Promise((resolve) => setTimeout(resolve, 3000)))
    expect(await requestsOf()).toEqual(requests)
  })

  it('are signed in again, each for itself, without a reload', SLOW, async () => {
    const { pages, deliver, connections } = await tabs(2)
    const [first, second] = pages as [Page, Page]
    await first.evaluate(() => window.client.signOut())
    await Promise.all(pages.map((page) => statusIn(page, 'idle')))
    await first.evaluate(() => window.client.reconnect(window.user))
    await statusIn(first, 'open')
    expect(await second.evaluate(() => window.client.getState(window.user).connection.status)).toBe('idle')
    await second.evaluate(() => void window.client.subscribe(window.user, () => {}))
    await statusIn(second, 'open')
    expect(await connections()).toBe(1)
    await deliver('ADDED')
    await Promise.all(pages.map((page) => outcomeIn(page, 'added')))
  })

  it('have forgotten what onOutcome was told', SLOW, async () => {
    const { pages, deliver } = await tabs(2)
    const [first, second] = pages as [Page, Page]
    await first.evaluate(() => window.client.beginUpload(window.user))
    await deliver('ADDED')
    await first.waitForFunction(() => window.told.length > 0)
    expect(await second.evaluate(() => Object.keys(localStorage))).toHaveLength(1)
    await second.evaluate(() => window.client.signOut())
    await statusIn(first, 'idle')
    expect(await second.evaluate(() => Object.keys(localStorage))).toEqual([])
  })

  it('open nothing by themselves where a Suspense hook is mounted', SLOW, async () => {
    const { pages, connections } = await tabs(2, 'suspense-page-script.tsx')
    const [first, second] = pages as [Page, Page]
    await Promise.all(pages.map((page) => page.getByText('none').waitFor()))
    await first.evaluate(() => window.client.signOut())
    await Promise.all(pages.map((page) => page.getByText('loading').waitFor()))
    await Promise.all(pages.map((page) => statusIn(page, 'idle')))
    await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 5000 })
    // Longer than a component that suspends holds its connection.
    await first.evaluate(() => new Promise((resolve) => setTimeout(resolve, 7000)))
    await Promise.all(pages.map((page) => statusIn(page, 'idle')))
    expect(await connections()).toBe(0)
    await second.evaluate(() => window.client.reconnect(window.user))
    await second.getByText('none').waitFor()
    await statusIn(first, 'idle')
  })
})

it('are closed each by itself, and the others go on', SLOW, async () => {
  const { pages, deliver, connections } = await tabs(3)
  const [leader, ...others] = pages as [Page, Page, Page]
  await leader.evaluate(() => window.client.close())
  await statusIn(leader, 'failed')
  await deliver('ADDED')
  await Promise.all(others.map((page) => outcomeIn(page, 'added')))
  expect(await leader.evaluate(() => window.seen)).toEqual(['none'])
  await vi.waitFor(async () => expect(await connections()).toBe(1), { timeout: 5000 })
})

it('tell the outcome of an attempt once, also after a reload', SLOW, async () => {
  const { pages, deliver } = await tabs(2)
  const [first, second] = pages as [Page, Page]
  await first.evaluate(() => window.client.beginUpload(window.user))
  await deliver('ADDED')
  await Promise.all(pages.map((page) => outcomeIn(page, 'added')))
  await first.waitForFunction(() => window.told.length > 0)
  expect(await first.evaluate(() => window.told)).toEqual(['added'])
  expect(await second.evaluate(() => window.told)).toEqual([])
  await first.reload()
  await outcomeIn(first, 'added')
  await deliver('ERROR')
  await outcomeIn(second, 'error')
  expect(await first.evaluate(() => window.told)).toEqual([])
})

it('pause without a network, and miss nothing', SLOW, async () => {
  const { pages, deliver, context, connections } = await tabs(2)
  await context.setOffline(true)
  await Promise.all(pages.map((page) => statusIn(page, 'paused')))
  await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 5000 })
  await deliver('ADDED')
  await context.setOffline(false)
  await Promise.all(pages.map((page) => outcomeIn(page, 'added')))
  await vi.waitFor(async () => expect(await connections()).toBe(1), { timeout: 5000 })
})

it(
  'let go of everything when the browser puts their page away, and are up to date when it is shown again',
  SLOW,
  async () => {
    const { pages, deliver, connections } = await tabs(1)
    const [page] = pages as [Page]
    // As the browser does before it keeps a page as it is, which one that is driven from outside does not do.
    const turn = (type: string) =>
      page.evaluate((name) => window.dispatchEvent(new PageTransitionEvent(name, { persisted: true })), type)
    await turn('pagehide')
    await statusIn(page, 'paused')
    await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 5000 })
    expect(await page.evaluate(async () => (await navigator.locks.query()).held)).toEqual([])
    await deliver('ADDED')
    await turn('pageshow')
    await outcomeIn(page, 'added')
  },
)

it(
  'pause once they have been hidden for 30 s, leave the connection to one that is visible, and miss nothing',
  SLOW,
  async () => {
    const { pages, deliver, connections } = await tabs(2)
    const [hidden, visible] = pages as [Page, Page]
    const show = (state: string, later: number) =>
      hidden.evaluate(
        ([value, ms]) => {
          const now = Date.now.bind(Date)
          Date.now = () => now() + ms
          Object.defineProperty(document, 'visibilityState', { value, configurable: true })
          document.dispatchEvent(new Event('visibilitychange'))
        },
        [state, later] as const,
      )
    await show('hidden', 0)
    await show('hidden', 30_000)
    await statusIn(hidden, 'paused')
    await statusIn(visible, 'open')
    await deliver('ADDED')
    await outcomeIn(visible, 'added')
    expect(await hidden.evaluate(() => window.seen)).toEqual(['none'])
    expect(await connections()).toBe(1)
    await show('visible', 0)
    await outcomeIn(hidden, 'added')
    expect(await connections()).toBe(1)
  },
)
