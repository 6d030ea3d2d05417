import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { card, openDemo, upload } from './demo-page.ts'
import { run, start } from './process.ts'

it('takes a file, waits for the provider, and shows the confirmation without a reload', async () => {
  const { page, troubles } = await openDemo()
  await upload(page, 'Added')
  await card(page, 'Checking your document').waitFor()
  await page.getByText(/Posts its webhook in \d s/).waitFor()
  await card(page, 'Document added').waitFor()
  expect(await page.getByRole('main').getByRole('status').textContent()).toMatch(/^Document added/)
  // A strict Content-Security-Policy and React's development checks would both have spoken here.
  expect(troubles).toEqual([])
}, 60_000)

it('shows the error, and takes the file again', async () => {
  const { page } = await openDemo()
  await upload(page, 'Error')
  await card(page, 'We could not add your document').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await upload(page, 'Added')
  await card(page, 'Checking your document').waitFor()
  await card(page, 'Document added').waitFor()
}, 60_000)

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
}, 60_000)

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
  const TMPDIR = mkdtempSync(join(tmpdir(), 'kyc-demo-'))
  onTestFinished(() => rmSync(TMPDIR, { recursive: true, force: true }))
  const demo = await start(['demo', '--port', '0'], { TMPDIR })
  const folders = () => readdirSync(TMPDIR).filter((name) => name.startsWith('kyc-upload-status-'))
  expect(folders()).toHaveLength(1)
  expect(await demo.stop()).toBe(0)
  expect(folders()).toEqual([])
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
