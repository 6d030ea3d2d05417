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

async function upload(page: Page, outcome: string): Promise<void> {
  await page.getByRole('radio', { name: outcome }).check()
  await page.getByLabel('Identity document').setInputFiles({
    name: 'passport.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.alloc(200_000, 1),
  })
  await page.getByRole('button', { name: 'Upload' }).click()
}

const card = (page: Page, title: string) => page.getByRole('group', { name: title })

it('takes a file, waits for the provider, and shows the confirmation without a reload', async () => {
  const { page, troubles } = await openDemo()
  await card(page, 'Waiting for your document').waitFor()
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
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Try again' }).click()
  await chooser
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
  expect(await page.locator('[data-part="root"]').getAttribute('data-connection')).toBe('live')
}, 60_000)

it('gives the upload back when a file can not be sent', async () => {
  const { page } = await openDemo()
  const buffer = Buffer.alloc(10 * 1024 * 1024 + 1)
  await page.getByLabel('Identity document').setInputFiles({ name: 'scan.pdf', mimeType: 'application/pdf', buffer })
  await page.getByRole('button', { name: 'Upload' }).click()
  await page.getByText('The file is larger than 10 MB.').waitFor()
  await card(page, 'Waiting for your document').waitFor()
  await upload(page, 'Added')
  await card(page, 'Checking your document').waitFor()
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
  await card(page, 'Waiting for your document').waitFor()
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
