import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright'
import { chromiumLaunch } from './chromium.ts'

/** Makes the README's picture from the real demo: what a person sees while a document is checked, once it was refused, and further on the way. */

const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url))
const demo = spawn(process.execPath, [path('dist/cli/main.js'), 'demo', '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [line] = (await once(createInterface({ input: demo.stdout }), 'line')) as [string]
const url = /http:\S+/.exec(line)?.[0] ?? ''
const browser = await chromium.launch(await chromiumLaunch())

async function upload(page: Page, outcome: string): Promise<void> {
  await page.getByRole('radio', { name: outcome }).check()
  const file = { name: 'passport.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(200_000, 1) }
  await page.getByLabel('Identity document').setInputFiles(file)
  await page.getByRole('button', { name: 'Upload' }).click()
}

try {
  mkdirSync(path('.cache/screenshots'), { recursive: true })
  const context = await browser.newContext({
    viewport: { width: 420, height: 620 },
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const shots: string[] = []
  const shoot = async () => shots.push((await page.screenshot()).toString('base64'))
  const shootCard = async (title: string) => {
    await page.getByRole('group', { name: title }).waitFor()
    await page.evaluate(() => window.scrollTo(0, 0))
    await shoot()
  }
  const say = async (word: string) => {
    await page.getByLabel('One webhook by hand').selectOption(word)
    await page.getByRole('button', { name: 'Send', exact: true }).click()
  }
  await page.goto(url)
  await upload(page, 'Error')
  await shootCard('Checking your document')
  await shootCard('We could not add your document')
  await say('kyc-file ADDED')
  await say('kyc-verification APPROVED')
  await say('poa QUESTIONED')
  const progress = page.getByRole('group', { name: 'Your progress' })
  for (const [step, state] of [
    ['kyc-file', 'done'],
    ['kyc-verification', 'done'],
    ['poa', 'action_needed'],
  ])
    await progress.locator(`[data-part="step"][data-step="${step}"][data-state="${state}"]`).waitFor()
  await progress.evaluate((element) => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 20))
  await shoot()

  const sheet = await browser.newPage({ viewport: { width: 1320, height: 660 }, deviceScaleFactor: 1 })
  const images = shots.map((shot) => `<img src="data:image/png;base64,${shot}" width="420">`).join('')
  await sheet.setContent(`<body style="margin:20px;display:flex;gap:10px;background:#dfe3ea">${images}</body>`)
  await sheet.screenshot({ path: path('demo/screenshot.png') })
} finally {
  await browser.close()
  demo.kill('SIGTERM')
}
