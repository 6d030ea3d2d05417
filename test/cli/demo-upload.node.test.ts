import { expect, it } from 'vitest'
import { card, DOCUMENT, openDemo, upload } from './demo-page.ts'

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
}, 60_000)

it('waits for both sides of a card', async () => {
  const { page } = await openDemo()
  const sides = ['front.jpg', 'back.jpg'].map((name) => ({ ...DOCUMENT, name }))
  await page.getByLabel('Identity document').setInputFiles(sides)
  await page.getByRole('button', { name: 'Upload 2 files' }).click()
  await page.getByText('0 of 2 files added').waitFor()
  await page.getByText('2 of 2 files added').waitFor()
  await card(page, 'Document added').waitFor()
}, 60_000)

it('can be used without a mouse, from the choice over a refusal to the confirmation', async () => {
  const { page } = await openDemo()
  // With a listener the browser hands its choosers over. One that is added with the key that opens a chooser may come too late.
  page.on('filechooser', () => {})
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
    await page.getByRole('button', { name: 'Upload' }).waitFor()
    await tabTo('submit')
    await page.keyboard.press('Enter')
  }
  await uploadAnsweredWith('ArrowDown')
  await card(page, 'We could not add your document').waitFor()
  await tabTo('retry')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-part') === 'input')
  await uploadAnsweredWith('ArrowUp')
  await card(page, 'Document added').waitFor()
}, 60_000)

it('speaks other languages, from right to left too', async () => {
  const { page } = await openDemo()
  await page.getByLabel('Language').selectOption('العربية')
  const root = page.locator('[data-scope="kyc-upload"][data-part="root"]')
  await page.waitForFunction(() => document.querySelector('[data-part="root"]')?.getAttribute('dir') === 'rtl')
  expect(await root.getAttribute('lang')).toBe('ar')
  expect(await root.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl')
})
