// The built package, as a page imports it.
import { createKycStatusClient, KycStatusProvider, KycUploadStatus } from 'kyc-upload-status'
import 'kyc-upload-status/styles.css'
import { StrictMode } from 'react'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { commands, page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'

const { origin } = window.location
let url: string

beforeEach(async () => {
  url = await commands.startRelay(origin)
})
afterEach(() => commands.stopRelay(url))

async function openPage(user: string, { onRetry }: { onRetry?: () => void } = {}) {
  const requests = vi.fn<typeof fetch>((...args) => fetch(...args))
  const client = createKycStatusClient({ url, getToken: () => commands.issueToken(user), fetch: requests })
  onTestFinished(() => client.close())
  const { container } = await render(
    <StrictMode>
      <KycStatusProvider client={client}>
        <KycUploadStatus externalUserId={user} {...(onRetry && { onRetry })} />
      </KycStatusProvider>
    </StrictMode>,
  )
  const part = (name: string) => container.querySelector(`[data-part="${name}"]`)
  return { client, requests, container, status: () => part('root')?.getAttribute('data-status'), part }
}

/** The component, found by its title as a screen reader finds it. */
const card = (title: string) => page.getByRole('group', { name: new RegExp(title) })
const region = (container: Element, role: 'status' | 'alert') => container.querySelector(`[role="${role}"]`)

it('waits, then shows the confirmation and says it in the live region, without a reload', async () => {
  const { client, container, status } = await openPage('user-a')
  const live = region(container, 'status')
  expect(live?.textContent).toBe('')
  await client.beginUpload('user-a')
  await expect.element(card('Checking your document')).toBeVisible()

  await commands.sendWebhook(url, 'user-a', 'ADDED')
  await expect.element(card('Document added')).toBeVisible()
  await expect.poll(() => live?.textContent).toMatch(/^Document added/)
  expect(region(container, 'status')).toBe(live)
  expect(status()).toBe('added')
})

it('shows the error, says it as an alert, and waits again after a retry', async () => {
  const onRetry = vi.fn()
  const { client, container, part } = await openPage('user-a', { onRetry })
  await client.beginUpload('user-a')
  await commands.sendWebhook(url, 'user-a', 'ERROR')
  await expect.element(card('We could not add your document')).toBeVisible()
  await expect.poll(() => region(container, 'alert')?.textContent).toMatch(/^We could not add your document/)

  await userEvent.click(page.getByRole('button', { name: 'Try again' }))
  expect(onRetry).toHaveBeenCalledOnce()
  await client.beginUpload('user-a')
  await expect.element(card('Checking your document')).toBeVisible()
  // The button is gone; whoever had pressed it is still at the card.
  expect(document.activeElement).toBe(part('root'))

  await commands.sendWebhook(url, 'user-a', 'ADDED')
  await expect.element(card('Document added')).toBeVisible()
})

it('shows the webhook that came before the page was opened', async () => {
  await commands.sendWebhook(url, 'user-a', 'ADDED')
  await openPage('user-a')
  await expect.element(card('Document added')).toBeVisible()
})

it('loses nothing while the relay is killed and started again', async () => {
  const { client, part } = await openPage('user-a')
  await client.beginUpload('user-a')
  await expect.poll(() => client.getState('user-a').connection.status).toBe('open')

  await commands.killRelay(url)
  await expect.poll(() => part('root')?.getAttribute('data-connection')).toBe('reconnecting')
  await commands.restartRelay(url, origin)
  // It is acknowledged before the page can be back; whether it is replayed or live, it arrives.
  await commands.sendWebhook(url, 'user-a', 'ADDED')
  await expect.element(card('Document added'), { timeout: 10_000 }).toBeVisible()
})

it("never shows another user's event", async () => {
  const b = await openPage('user-b')
  await expect.poll(b.status).toBe('none')
  await commands.sendWebhook(url, 'user-a', 'ADDED')
  // What is sent later to the same page arrives, so what was sent before would have.
  await commands.sendWebhook(url, 'user-b', 'ERROR')
  const seen: unknown[] = []
  const observer = new MutationObserver(() => seen.push(b.status()))
  observer.observe(b.container, { subtree: true, attributes: true })
  await expect.poll(b.status).toBe('error')
  observer.disconnect()
  expect(seen).not.toContain('added')

  const { client } = await openPage('user-b')
  await expect(client.ready('user-a', new AbortController().signal)).rejects.toMatchObject({ code: 'forbidden' })
  expect(client.getState('user-a').status).toBeNull()
})

it('connects once in StrictMode', async () => {
  const { client, requests } = await openPage('user-a')
  await expect.poll(() => client.getState('user-a').connection.status).toBe('open')
  expect(requests).toHaveBeenCalledOnce()
})
