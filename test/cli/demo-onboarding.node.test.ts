import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { card, DOCUMENT, openDemo, upload } from './demo-page.ts'

const step = (page: Page, name: string, state: string) =>
  page.locator(`[data-part="step"][data-step="${name}"][data-state="${state}"]`)
const heard = (page: Page) => page.getByRole('list', { name: 'Heard by the back end' }).getByRole('listitem')

async function sendProof(page: Page): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Send proof of address' }).click()
  await (await chooser).setFiles(DOCUMENT)
}

async function sendByHand(page: Page, word: string): Promise<void> {
  await page.getByLabel('One webhook by hand').selectOption(word)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
}

it('goes way A, from the document over a second proof of address to the account', async () => {
  const { page, troubles } = await openDemo()
  await page.getByRole('button', { name: 'Play way A' }).click()
  await step(page, 'kyc-file', 'done').waitFor()
  await page.getByText('Waits for a proof of address from you.').waitFor()
  await sendProof(page)
  await step(page, 'poa', 'in_review').waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-scope'))).toBe('kyc-timeline')
  await step(page, 'poa', 'action_needed').waitFor()
  await page.getByText('Waits for a proof of address from you.').waitFor()
  await sendProof(page)
  // What was asked for before is not shown over the new one.
  await step(page, 'poa', 'in_review').waitFor()
  await step(page, 'poa', 'done').waitFor()
  await page.getByRole('heading', { name: 'Your account is ready' }).waitFor()
  expect(await step(page, 'kyc-verification', 'not_needed').count()).toBe(1)
  await page.getByText('A collects files on this page').waitFor()
  expect(await heard(page).locator('span').allTextContents()).toEqual([
    'user-balance ACTIVE',
    'poa APPROVED',
    'poa WAITING',
    'poa QUESTIONED',
    'poa WAITING',
    'kyc-file ADDED',
  ])
  expect(troubles).toEqual([])
}, 60_000)

it('answers a document once, when way A is begun while it is checked', async () => {
  const { page } = await openDemo()
  await upload(page, 'Added')
  await page.getByText(/Posts its webhook in \d s/).waitFor()
  await page.getByRole('button', { name: 'Play way A' }).click()
  await card(page, 'Document added').waitFor()
  await page.getByText('Waits for a proof of address from you.').waitFor()
  expect(await heard(page).locator('span').allTextContents()).toEqual(['kyc-file ADDED'])
}, 60_000)

it('goes way B, in which the page collects nothing', async () => {
  const { page, troubles } = await openDemo()
  await page.getByRole('button', { name: 'Play way B' }).click()
  await step(page, 'kyc-verification', 'in_review').waitFor()
  await step(page, 'kyc-verification', 'done').waitFor()
  await page.getByRole('heading', { name: 'Your account is ready' }).waitFor()
  for (const name of ['kyc-file', 'poa']) expect(await step(page, name, 'not_needed').count()).toBe(1)
  expect(troubles).toEqual([])
}, 60_000)

it('sends each word of each webhook by hand, and the back end hears it', async () => {
  const { page } = await openDemo()
  const options = page.getByLabel('One webhook by hand').locator('option')
  await options.first().waitFor({ state: 'attached' })
  const words = await options.allTextContents()
  expect(new Set(words.map((word) => word.split(' ')[0]))).toEqual(
    new Set(['kyc-file', 'kyc-verification', 'poa', 'user-balance']),
  )
  for (const word of words) {
    await sendByHand(page, word)
    await heard(page).first().getByText(word).waitFor()
  }
  await step(page, 'user-balance', 'done').waitFor()
}, 60_000)

it('puts a proof of address in the queue for review, and leaves the decision to a hand', async () => {
  const { page } = await openDemo()
  await sendByHand(page, 'kyc-file ADDED')
  await sendProof(page)
  await heard(page).first().getByText('poa WAITING').waitFor()
  await sendByHand(page, 'poa REJECTED')
  await page.getByText('We cannot use this document. Upload a different one.').first().waitFor()
  await page.getByRole('button', { name: 'Send proof of address' }).waitFor()
}, 60_000)

it('says that a proof of address was not sent, and takes it again', async () => {
  const { page } = await openDemo()
  await sendByHand(page, 'kyc-file ADDED')
  await page.route('**/api/proof-of-address', (route) => route.abort(), { times: 1 })
  await sendProof(page)
  await page.getByText('Your proof of address could not be sent. Try again.').waitFor()
  await sendProof(page)
  await step(page, 'poa', 'in_review').waitFor()
}, 60_000)

it('starts over with nothing known, also in the middle of a way', async () => {
  const { page } = await openDemo()
  await page.getByRole('button', { name: 'Play way A' }).click()
  await page.getByText('Waits for a proof of address from you.').waitFor()
  await page.getByRole('button', { name: 'Start over' }).click()
  await page.getByText('Nothing yet.').waitFor()
  await page.getByText('A collects files on this page').waitFor()
  for (const name of ['kyc-file', 'poa']) await step(page, name, 'todo').waitFor()
}, 60_000)

it('speaks the language of the page in the progress too', async () => {
  const { page } = await openDemo()
  await page.getByLabel('Language').selectOption('Deutsch')
  await page.locator('[data-scope="kyc-timeline"][lang="de"]').waitFor()
})

it('refuses words and ways that it does not know', async () => {
  const { url } = await openDemo()
  const statusOf = async (query: string) => (await fetch(`${url}/api/${query}`, { method: 'POST' })).status
  expect(await statusOf('webhook?frame=poa&status=ACTIVE')).toBe(422)
  expect(await statusOf('webhook?frame=sync&status=ACTIVE')).toBe(422)
  expect(await statusOf('webhook')).toBe(422)
  expect(await statusOf('play?way=c')).toBe(422)
})
