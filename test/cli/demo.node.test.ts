import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { chromiumLaunch } from '../../tools/chromium.ts'
import { run, start } from './process.ts'

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(await chromiumLaunch())
})
afterAll(() => browser.close())

async function openDemo(): Promise<{ page: Page; url: string; printed: string; troubles: string[] }> {
  const demo = await start(['demo', '--port', '0'])
  const page = await browser.newPage()
  onTestFinished(() => page.close())
  const troubles: string[] = []
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && troubles.push(message.text()))
  page.on('pageerror', (error) => troubles.push(error.message))
  await page.goto(demo.url)
  return { page, url: demo.url, printed: await demo.printed(/Ctrl\+C/), troubles }
}

const DOCUMENT = { name: 'passport.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(200_000, 1) }

async function upload(page: Page, outcome: string): Promise<void> {
  await page.getByRole('radio', { name: outcome }).check()
  await page.getByLabel('Identity document').setInputFiles(DOCUMENT)
  await page.getByRole('button', { name: 'Upload' }).click()
}

const card = (page: Page, title: string) => page.getByRole('group', { name: title })

it('takes a file, waits for the provider, and shows the confirmation without a reload', async () => {
  const { page, troubles } = await openDemo()
  await upload(page, 'Added')
  await card(page, 'Checking your document').waitFor()
  await page.getByText(/Posts its webhook in \d s/).waitFor()
  await card(page, 'Document added').waitFor()
  expect(await page.getByRole('status').textContent()).toMatch(/^Document added/)
  // A strict Content-Security-Policy and React's development checks would both have spoken here.
  expect(troubles).toEqual([])
}, 20_000)

it('shows the error, and takes the file again', async () => {
  const { page } = await openDemo()
  await upload(page, 'Error')
  await card(page, 'We could not add your document').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await upload(page, 'Added')
  await card(page, 'Checking your document').waitFor()
  await card(page, 'Document added').waitFor()
}, 20_000)

it('goes on waiting after a reload, and shows the webhook that came meanwhile', async () => {
  const { page, url } = await openDemo()
  await upload(page, 'Added')
  await card(page, 'Checking your document').waitFor()
  await page.goto('about:blank')
  // The webhook comes while no page is open.
  await new Promise<void>((resolve) => {
    void (async () => {
      const client = await page.request.post(`${url}/api/kyc-token`)
      const headers = { authorization: `Bearer ${await client.text()}`, accept: 'text/event-stream' }
      const { externalUserId } = await (await page.request.get(`${url}/api/session`)).json()
      const response = await fetch(`${url}/kyc/events/${externalUserId}`, { headers })
      for await (const chunk of response.body ?? []) if (Buffer.from(chunk).includes('kyc-file')) break
      resolve()
    })()
  })
  await page.goto(url)
  await card(page, 'Document added').waitFor()
}, 20_000)

it('loses the connection, says so, and shows the answer that came meanwhile when it is back', async () => {
  const { page } = await openDemo()
  await upload(page, 'Lost connection')
  await page
    .getByText(/^Connection lost\./)
    .first()
    .waitFor()
  await card(page, 'Checking your document').waitFor()
  await card(page, 'Document added').waitFor({ timeout: 45_000 })
  expect(await card(page, 'Document added').getAttribute('data-connection')).toBe('live')
}, 60_000)

it('says which file can not be taken, before it is sent', async () => {
  const { page } = await openDemo()
  const buffer = Buffer.alloc(10_000_001)
  await page.getByLabel('Identity document').setInputFiles({ name: 'scan.pdf', mimeType: 'application/pdf', buffer })
  await page.getByText('scan.pdf must be smaller than 10 MB.').waitFor()
  expect(await page.getByRole('button', { name: 'Upload' }).count()).toBe(0)
  await upload(page, 'Added')
  await card(page, 'Checking your document').waitFor()
})

it('sends a file again that could not be sent', async () => {
  const { page } = await openDemo()
  await page.route('**/api/upload**', (route) => route.abort(), { times: 1 })
  await upload(page, 'Added')
  await page.getByText('passport.jpg could not be sent.').waitFor()
  await page.getByRole('button', { name: 'Try again: passport.jpg' }).click()
  await card(page, 'Document added').waitFor()
}, 20_000)

it('waits for both sides of a card', async () => {
  const { page } = await openDemo()
  const sides = ['front.jpg', 'back.jpg'].map((name) => ({ ...DOCUMENT, name }))
  await page.getByLabel('Identity document').setInputFiles(sides)
  await page.getByRole('button', { name: 'Upload 2 files' }).click()
  await page.getByText('0 of 2 files added').waitFor()
  await page.getByText('2 of 2 files added').waitFor()
  await card(page, 'Document added').waitFor()
}, 20_000)

it('can be used without a mouse, from the choice over a refusal to the confirmation', async () => {
  const { page } = await openDemo()
  await page.getByLabel('Identity document').waitFor()
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.getAttribute('data-part') ?? document.activeElement?.getAttribute('type'),
    )
  const tabTo = async (target: string, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
    for (let presses = 0; presses < 12 && (await focused()) !== target; presses++) await page.keyboard.press(key)
    expect(await focused()).toBe(target)
  }
  const uploadAnsweredWith = async (key: 'ArrowDown' | 'ArrowUp') => {
    await tabTo('radio')
    await page.keyboard.press(key)
    await tabTo('input', 'Shift+Tab')
    const chooser = page.waitForEvent('filechooser')
    await page.keyboard.press('Enter')
    await (await chooser).setFiles(DOCUMENT)
    await tabTo('submit')
    await page.keyboard.press('Enter')
    await card(page, 'Checking your document').waitFor()
  }
  await uploadAnsweredWith('ArrowDown')
  await card(page, 'We could not add your document').waitFor()
  await tabTo('retry')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-part') === 'input')
  await uploadAnsweredWith('ArrowUp')
  await card(page, 'Document added').waitFor()
}, 30_000)

it('speaks other languages, from right to left too', async () => {
  const { page } = await openDemo()
  await page.getByLabel('Language').selectOption('العربية')
  const root = page.locator('[data-scope="kyc-upload"][data-part="root"]')
  await page.waitForFunction(() => document.querySelector('[data-part="root"]')?.getAttribute('dir') === 'rtl')
  expect(await root.getAttribute('lang')).toBe('ar')
  expect(await root.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl')
})

it('is as wide as a phone', async () => {
  const { page } = await openDemo()
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
})

it('prints the curl that sends a webhook by hand', async () => {
  const { page, printed } = await openDemo()
  const [, target = '', token = '', body = ''] =
    /POST '(\S+)' --header 'Authorization: (\S+)'.*--data-raw '(.+)'/.exec(printed) ?? []
  await page.getByLabel('Identity document').waitFor()
  const headers = { authorization: token, 'content-type': 'application/json' }
  expect((await fetch(target, { method: 'POST', headers, body })).status).toBe(200)
  await card(page, 'Document added').waitFor()
})

it('leaves nothing behind', async () => {
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('kyc-upload-status-'))
  const before = folders()
  const demo = await start(['demo', '--port', '0'])
  const [created = ''] = folders().filter((name) => !before.includes(name))
  expect(created).not.toBe('')
  expect(await demo.stop()).toBe(0)
  expect(existsSync(`${tmpdir()}/${created}`)).toBe(false)
})

it('refuses files that are too large', async () => {
  const { url } = await openDemo()
  const body = Buffer.alloc(10 * 1024 * 1024 + 1)
  expect((await fetch(`${url}/api/upload?scenario=added`, { method: 'POST', body })).status).toBe(413)
  expect((await fetch(`${url}/api/upload?scenario=other`, { method: 'POST', body: 'x' })).status).toBe(422)
})

it('tells its options', async () => {
  expect(await run(['demo', '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--open') })
})
