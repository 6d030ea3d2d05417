import { act, cleanup, fireEvent, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { KycUploadStatus } from '../../src/react/index.ts'
import { setUp, USER } from './render.tsx'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

/** Lets so many milliseconds pass, and what comes of them: a frame, the cache, the page, the live region. */
async function pass(ms: number) {
  for (const part of [ms, 1, 1, 1]) await act(() => vi.advanceTimersByTimeAsync(part))
}

/** All that was ever said, in order. */
function listen(container: HTMLElement): string[] {
  const spoken: string[] = []
  const observer = new MutationObserver((records) => {
    for (const { target } of records) {
      const region = (target instanceof Element ? target : target.parentElement)?.closest(
        '[role="status"],[role="alert"]',
      )
      if (region?.textContent) spoken.push(`${region.getAttribute('role')}: ${region.textContent}`)
    }
  })
  observer.observe(container, { subtree: true, childList: true, characterData: true })
  onTestFinished(() => observer.disconnect())
  return spoken
}

function open(props: { onRetry?: () => void; messages?: object } = {}) {
  const { relay, client, renderUi } = setUp({ retry: { base: 500, max: 2000 } })
  const { container } = renderUi(
    <StrictMode>
      <KycUploadStatus externalUserId={USER} {...props} />
    </StrictMode>,
  )
  const root = container.querySelector('[data-part="root"]')
  return { relay, client, container, root, spoken: listen(container) }
}

it('renders both live regions from the first, on the server too, and empty', () => {
  const { provide } = setUp()
  const html = renderToString(provide(<KycUploadStatus externalUserId={USER} />))
  expect(html).toMatch(/role="status"[^>]*><\/div>/)
  expect(html).toMatch(/role="alert"[^>]*><\/div>/)
  expect(html).not.toContain('style=')
})

it('says nothing of what stands on the page at first', async () => {
  const { root, spoken } = open()
  await pass(5000)
  expect(root?.getAttribute('data-status')).toBe('none')
  expect(spoken).toEqual([])
})

it('goes from processing to added, and says each once, in the same region', async () => {
  const { relay, client, container, root, spoken } = open()
  const region = container.querySelector('[role="status"]')
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(2000)
  expect(root?.getAttribute('data-status')).toBe('processing')
  act(() => relay.emit(USER, 'ADDED'))
  await pass(10)
  expect(root?.getAttribute('data-status')).toBe('added')
  expect(spoken).toEqual([
    'status: Checking your document. This usually takes less than a minute. You can stay on this page.',
    'status: Document added. We have received your document.',
  ])
  expect(container.querySelector('[role="status"]')).toBe(region)
})

it('does not say "processing" when the answer comes within a second', async () => {
  const { relay, client, spoken } = open()
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(900)
  act(() => relay.emit(USER, 'ADDED'))
  await pass(2000)
  expect(spoken).toEqual(['status: Document added. We have received your document.'])
})

it('says an error as an alert, each time anew', async () => {
  const { relay, client, spoken } = open()
  await pass(10)
  for (let i = 0; i < 2; i++) {
    await act(() => client.beginUpload(USER))
    act(() => relay.emit(USER, 'ERROR'))
    await pass(100)
  }
  const alert =
    'alert: We could not add your document. Check that it is complete and easy to read, then upload it again.'
  expect(spoken).toEqual([alert, alert])
})

it('offers "Try again" for an error, where the page can', async () => {
  const onRetry = vi.fn()
  const { relay } = open({ onRetry })
  await pass(10)
  expect(screen.queryByRole('button')).toBeNull()
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(onRetry).toHaveBeenCalledOnce()
})

it('offers nothing that the page can not do', async () => {
  const { relay } = open()
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  expect(screen.queryByRole('button')).toBeNull()
})

it('leaves the focus where it is, unless the focused button goes away', async () => {
  const { relay, client, root } = open({ onRetry: () => {} })
  await pass(10)
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  expect(document.activeElement).toBe(document.body)
  screen.getByRole('button').focus()
  await act(() => client.beginUpload(USER))
  await pass(10)
  expect(document.activeElement).toBe(root)
})

it('says that the connection is lost once it is not back within 5 s, beside what is known', async () => {
  const { relay, client, root, spoken } = open()
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(1500)
  spoken.length = 0
  relay.respond('network')
  act(() => relay.drop())
  await pass(0)
  await pass(4900)
  expect(root?.getAttribute('data-connection')).toBe('reconnecting')
  expect(spoken).toEqual([])
  await pass(200)
  expect(root?.getAttribute('data-connection')).toBe('lost')
  expect(root?.getAttribute('data-status')).toBe('processing')
  expect(root?.textContent).toContain('Connection lost.')
  relay.emit(USER, 'ADDED')
  relay.respond(null)
  await pass(2000)
  expect(root?.getAttribute('data-connection')).toBe('live')
  expect(spoken).toEqual([
    'status: Connection lost. We cannot show news right now. This page updates by itself when the connection is back.',
    'status: The connection is back. Document added. We have received your document.',
  ])
})

it('says that there will be no news when the relay refuses, which is no refused document', async () => {
  const { relay, root } = open()
  await pass(10)
  relay.respond(403)
  act(() => relay.drop())
  await pass(2000)
  expect(root?.getAttribute('data-connection')).toBe('failed')
  expect(root?.textContent).toContain('Reload this page')
  expect(root?.getAttribute('data-status')).not.toBe('error')
})

it('takes texts one by one', async () => {
  const { relay, client, root } = open({
    messages: { added: { title: 'Passport received', description: 'Thank you.' } },
  })
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(10)
  expect(root?.textContent).toContain('Checking your document')
  act(() => relay.emit(USER, 'ADDED'))
  await pass(10)
  expect(root?.textContent).toContain('Passport received')
})
