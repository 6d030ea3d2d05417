import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { site } from './pages.ts'

const candidates = process.env.DESKTOP_CHROMIUM_PATH
  ? [process.env.DESKTOP_CHROMIUM_PATH]
  : ['/usr/bin/chromium', '/usr/bin/google-chrome']
/** Neither the headless shell nor a browser that is being debugged keeps pages, so nothing drives this one. */
const chromium = candidates.find((path) => existsSync(path))

const WAITING = `<!doctype html><title>waiting</title><script type="module" src="/page.js"></script>
<script type="module">
  let hasLeft = false
  const tell = (what) => fetch('/tell/' + what)
  addEventListener('pageshow', ({ persisted }) => persisted && tell('kept'))
  client.subscribe(user, () => {
    const { connection, status } = client.getState(user)
    if (connection.status !== 'open') return
    if (hasLeft) return tell(status.outcome)
    hasLeft = true
    location.href = '/elsewhere'
  })
</script>`
const ELSEWHERE = '<!doctype html><title>elsewhere</title><script>fetch("/back").then(() => history.back())</script>'

/** Opens an address in a browser of its own, which ends with the test. */
function browse(path: string, url: string): void {
  const profile = mkdtempSync(join(tmpdir(), 'kyc-browser-'))
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
  const browser = spawn(
    path,
    [...flags, '--disable-sync', '--disable-component-update', `--user-data-dir=${profile}`, url],
    {
      stdio: 'ignore',
    },
  )
  onTestFinished(async () => {
    const ended = new Promise((resolve) => browser.once('exit', resolve))
    browser.kill()
    await ended
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })
}

it('lets the browser keep a page for "back", and is up to date when the page is shown again', {
  timeout: 60_000,
}, async ({ skip }) => {
  if (!chromium) {
    const missing = 'no desktop Chromium is installed: apt-get install chromium'
    if (process.env.REQUIRE_DESKTOP_CHROMIUM === '1') throw new Error(missing)
    console.warn(missing)
    return skip(missing)
  }
  const told: string[] = []
  let goBack = () => {}
  const isTime = new Promise<void>((resolve) => {
    goBack = resolve
  })
  const { page, deliver, connections } = await site(async (url) => {
    if (url === '/back') {
      told.push('elsewhere')
      await isTime
    }
    if (url.startsWith('/tell/')) told.push(url.slice('/tell/'.length))
    return url === '/elsewhere' ? ELSEWHERE : WAITING
  })
  browse(chromium, page('/waiting'))
  await vi.waitFor(() => expect(told).toEqual(['elsewhere']), { timeout: 30_000 })
  await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 5000 })
  await deliver('ADDED')
  goBack()
  await vi.waitFor(() => expect(told).toEqual(['elsewhere', 'kept', 'added']), { timeout: 10_000 })
  expect(await connections()).toBe(1)
})
