import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { chromiumLaunch } from '../../tools/chromium.ts'
import { start } from './process.ts'

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(await chromiumLaunch())
})
afterAll(() => browser.close())

export async function openDemo(): Promise<{ page: Page; url: string; printed: string; troubles: string[] }> {
  const demo = await start(['demo', '--port', '0'])
  const page = await browser.newPage()
  onTestFinished(() => page.close())
  const troubles: string[] = []
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && troubles.push(message.text()))
  page.on('pageerror', (error) => troubles.push(error.message))
  await page.goto(demo.url)
  return { page, url: demo.url, printed: await demo.printed(/Ctrl\+C/), troubles }
}

export const DOCUMENT = { name: 'passport.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(200_000, 1) }

export async function upload(page: Page, outcome: string): Promise<void> {
  await page.getByRole('radio', { name: outcome }).check()
  await page.getByLabel('Identity document').setInputFiles(DOCUMENT)
  await page.getByRole('button', { name: 'Upload' }).click()
}

export const card = (page: Page, title: string) => page.getByRole('group', { name: title })
