import { act, cleanup, fireEvent, screen } from '@testing-library/react'
import { createRef, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { KycUploadStatus, type KycUploadStatusProps } from '../../../src/react/index.ts'
import { renderError, setUp, USER } from '../render.tsx'
import { listen } from './spoken.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

/** Lets so many milliseconds pass, and what comes of them: a frame, the cache, the page, the live region. */
async function pass(ms: number) {
  for (const part of [ms, 1, 1, 1]) await act(() => vi.advanceTimersByTimeAsync(part))
}

function open(props: Omit<KycUploadStatusProps, 'externalUserId'> = {}) {
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

it('says each error as an alert, also a second one', async () => {
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

it('does not say "processing" of an upload that is cleared within a second', async () => {
  const { client, spoken } = open()
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(500)
  act(() => client.clear(USER))
  await pass(2000)
  expect(spoken).toEqual([])
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

it('offers nothing that the page cannot do', async () => {
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

it('speaks of each wait once: checking, slow, very slow, then of the answer', async () => {
  const { relay, client, root, spoken } = open()
  await pass(10)
  await act(() => client.beginUpload(USER))
  for (const ms of [1000, 9000, 50_000]) await pass(ms)
  expect(root?.getAttribute('data-status')).toBe('very-slow')
  await pass(600_000)
  act(() => relay.emit(USER, 'ADDED'))
  await pass(10)
  expect(spoken).toEqual([
    'status: Checking your document. This usually takes less than a minute. You can stay on this page.',
    'status: Still checking your document. This is taking longer than usual. You do not need to upload it again.',
    'status: We are still checking your document. You can leave this page and come back later. You do not need to upload it again.',
    'status: Document added. We have received your document.',
  ])
})

it('takes its own measure of what is slow, and refuses one that cannot be', async () => {
  const { client, root } = open({ slowAfter: 100, verySlowAfter: 300 })
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(150)
  expect(root?.getAttribute('data-status')).toBe('slow')
  await pass(200)
  expect(root?.getAttribute('data-status')).toBe('very-slow')
  const error = renderError(
    setUp().provide(<KycUploadStatus externalUserId={USER} slowAfter={2000} verySlowAfter={1000} />),
  )
  expect(error).toMatchObject({
    message: 'KycUploadStatus: expected verySlowAfter (1000 ms) to be slowAfter (2000 ms) or longer',
  })
})

it.each([
  ['slowAfter', { slowAfter: 90_000 }, 90_000, 90_000],
  ['slowAfter', { slowAfter: 2000 }, 2000, 60_000],
  ['verySlowAfter', { verySlowAfter: 5000 }, 5000, 5000],
  ['verySlowAfter', { verySlowAfter: 20_000 }, 10_000, 20_000],
])('takes %s alone: the default of the other one gives way (%j)', async (_, patience, slow, verySlow) => {
  const { client, root } = open(patience)
  const status = () => root?.getAttribute('data-status')
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(slow - 100)
  expect(status()).toBe('processing')
  await pass(200)
  expect(status()).toBe(slow === verySlow ? 'very-slow' : 'slow')
  await pass(verySlow - slow)
  expect(status()).toBe('very-slow')
})

it('names the option that is wrong, and not the default that follows from it', () => {
  const component = <KycUploadStatus externalUserId={USER} verySlowAfter={'soon' as unknown as number} />
  expect(renderError(setUp().provide(component))).toMatchObject({
    message: 'KycUploadStatus: verySlowAfter: expected milliseconds above 0',
  })
})

it('says nothing of a line that is back within 5 s', async () => {
  const { relay, client, spoken } = open()
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(2000)
  spoken.length = 0
  for (let i = 0; i < 3; i++) {
    act(() => relay.drop())
    await pass(1500)
  }
  expect(spoken).toEqual([])
})

it('says that the document has been sent while the connection is lost, where that is known', async () => {
  const { relay, client, root } = open({ isSent: true })
  await pass(10)
  await act(() => client.beginUpload(USER))
  relay.respond('network')
  act(() => relay.drop())
  await pass(0)
  await pass(5100)
  expect(root?.textContent).toContain('Your document has been sent.')
})

it('does not trouble a person with the line once the document is decided', async () => {
  const { relay, root, spoken } = open()
  act(() => relay.emit(USER, 'ADDED'))
  await pass(10)
  relay.respond('network')
  act(() => relay.drop())
  await pass(0)
  await pass(6000)
  expect(root?.getAttribute('data-connection')).toBe('lost')
  expect(root?.textContent).not.toContain('Connection lost')
  expect(spoken).toEqual([])
})

it('takes another look when asked, and says when it last had one', async () => {
  vi.setSystemTime(new Date(2026, 10, 26, 14, 2))
  const { relay, client, root } = open()
  await pass(10)
  await act(() => client.beginUpload(USER))
  relay.respond('network')
  act(() => relay.drop())
  await pass(0)
  await pass(5100)
  expect(root?.textContent).toContain('Last checked 02:02 PM')
  const { requests } = relay
  fireEvent.click(screen.getByRole('button', { name: 'Check again' }))
  await pass(0)
  expect(relay.requests).toBeGreaterThan(requests)
  relay.respond(null)
  fireEvent.click(screen.getByRole('button', { name: 'Check again' }))
  await pass(100)
  expect(root?.getAttribute('data-connection')).toBe('live')
  expect(root?.textContent).toContain('This page updates by itself.')
  expect(screen.queryByRole('button')).toBeNull()
})

it('counts the files of an upload that has several', async () => {
  const { relay, client, root } = open()
  await pass(10)
  await act(() => client.beginUpload(USER, { files: 3 }))
  act(() => relay.emit(USER, 'ADDED'))
  await pass(10)
  expect(root?.getAttribute('data-status')).toBe('processing')
  expect(screen.getByRole('list').textContent).toBe('1 of 3 files added')
  expect(screen.getByRole('progressbar', { name: 'Files checked' })).toMatchObject({ value: 1, max: 3 })
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  expect(root?.getAttribute('data-status')).toBe('error')
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    '1 of 3 files added',
    '1 file could not be added',
  ])
})

it('says why a document was refused, where the application knows, and offers no try that cannot help', async () => {
  const reasons = {
    blurry: { description: 'The photo is blurry. Take it again in better light.' },
    expired: { title: 'This document has expired', description: 'Use another document.', isFinal: true },
  }
  const { relay, renderUi } = setUp()
  const ui = (reason: string) => (
    <KycUploadStatus externalUserId={USER} onRetry={() => {}} reason={reason} reasons={reasons} />
  )
  const { container, rerender } = renderUi(ui('blurry'))
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  expect(container.textContent).toContain('We could not add your document')
  expect(container.textContent).toContain('The photo is blurry. Take it again in better light.')
  expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeNull()
  rerender(ui('expired'))
  expect(container.textContent).toContain('This document has expired')
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull()
  rerender(ui('toString'))
  expect(container.textContent).toContain('Check that it is complete and easy to read')
})

it('says a second refusal, also where no upload was begun here', async () => {
  const { relay, spoken } = open()
  await pass(10)
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  await pass(8000)
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  expect(spoken.filter((text) => text.startsWith('alert: We could not add'))).toHaveLength(2)
})

it('waits to speak until the page is looked at', async () => {
  const { relay, client, spoken } = open()
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(1500)
  spoken.length = 0
  const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  act(() => relay.emit(USER, 'ADDED'))
  await pass(5000)
  expect(spoken).toEqual([])
  visibility.mockRestore()
  act(() => void document.dispatchEvent(new Event('visibilitychange')))
  await pass(10)
  expect(spoken).toEqual(['status: Document added. We have received your document.'])
})

it('takes what was said out of the page after a while, so that nobody reads it twice', async () => {
  const { relay, client, container } = open()
  await pass(10)
  await act(() => client.beginUpload(USER))
  act(() => relay.emit(USER, 'ADDED'))
  await pass(10)
  const region = container.querySelector('[role="status"]')
  expect(region?.textContent).not.toBe('')
  await pass(7000)
  expect(region?.textContent).toBe('')
})

it('says an error politely where that is asked for, and that one can try again', async () => {
  const { relay, client, spoken } = open({ errorPoliteness: 'polite', onRetry: () => {} })
  await pass(10)
  await act(() => client.beginUpload(USER))
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  expect(spoken).toEqual([
    'status: We could not add your document. Check that it is complete and easy to read, then upload it again. You can try again.',
  ])
})

it('says the second refusal too when it comes while the first one still stands there', async () => {
  const { relay, spoken } = open()
  await pass(10)
  for (let i = 0; i < 2; i++) {
    act(() => relay.emit(USER, 'ERROR'))
    await pass(100)
  }
  expect(spoken.map((text) => text.trim())).toEqual([
    'alert: We could not add your document. Check that it is complete and easy to read, then upload it again.',
    'alert: We could not add your document. Check that it is complete and easy to read, then upload it again.',
  ])
})

it('says why a document was refused when that is known later', async () => {
  const reasons = { expired: { title: 'It has expired', description: 'Use another document.', isFinal: true } }
  const { relay, renderUi } = setUp()
  const ui = (reason?: string) => (
    <KycUploadStatus externalUserId={USER} reasons={reasons} onRetry={() => {}} {...(reason && { reason })} />
  )
  const { container, rerender } = renderUi(ui())
  const spoken = listen(container)
  await pass(10)
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  rerender(ui('expired'))
  await pass(10)
  expect(spoken.at(-1)).toBe('alert: It has expired. Use another document.')
})

it('says that the connection is back once it is, and only if it was said that it was lost', async () => {
  const { relay, client, spoken } = open()
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(2000)
  spoken.length = 0
  relay.respond(403)
  act(() => relay.drop())
  await pass(2000)
  const failed = 'status: We cannot show news right now. Reload this page to try again.'
  expect(spoken).toEqual([failed])
  // It only connects: that is not yet back.
  relay.hang()
  fireEvent.click(screen.getByRole('button', { name: 'Check again' }))
  await pass(4000)
  expect(spoken).toEqual([failed])
  relay.respond(null)
  act(() => client.reconnect(USER))
  await pass(100)
  expect(spoken).toEqual([failed, 'status: The connection is back.'])
})

it('says that an upload is being checked which was begun before the relay was heard', async () => {
  const { relay, client, spoken } = open()
  relay.hang()
  act(() => client.reconnect(USER))
  await act(async () => void client.beginUpload(USER))
  await pass(1100)
  expect(spoken[0]).toMatch(/^status: Checking your document/)
})

it('does not call checked what is still being sent', async () => {
  const { client, root } = open({ isSending: true })
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(70_000)
  expect(root?.getAttribute('data-status')).toBe('none')
})

it('keeps the ref of an element that takes the place of a button, and the focus in sight when it goes away', async () => {
  const mine = createRef<HTMLButtonElement>()
  const { relay, client, renderUi } = setUp()
  const { container } = renderUi(
    <KycUploadStatus.Root externalUserId={USER} onRetry={() => {}}>
      <KycUploadStatus.Title />
      <KycUploadStatus.Retry render={<button type="button" ref={mine} className="mine" />} />
    </KycUploadStatus.Root>,
  )
  await pass(10)
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  expect(mine.current?.className).toBe('mine')
  mine.current?.focus()
  await act(() => client.beginUpload(USER))
  await pass(10)
  expect(document.activeElement).toBe(container.querySelector('[data-part="root"]'))
})

const OWED = 'This answer may be about the document you sent before.'
const EXTRA = 'We received more answers than documents. If this does not look right, contact us.'
const MISSED = 'We may have missed an answer. If this does not look right, contact us.'
const REFUSED = 'We could not add your document. Check that it is complete and easy to read, then upload it again.'

/** More answers than a relay keeps come while the line is down: it can't say what became of them all. */
async function missAnswers({ relay }: Pick<ReturnType<typeof open>, 'relay'>, status: 'ADDED' | 'ERROR') {
  relay.respond('network')
  act(() => relay.drop())
  await pass(0)
  for (let i = 0; i < 40; i++) relay.emit(USER, status)
  relay.respond(null)
  await pass(3000)
}

it('says together with the outcome that it may be that of the document before', async () => {
  const { relay, client, root, spoken } = open()
  await pass(10)
  for (let i = 0; i < 2; i++) await act(() => client.beginUpload(USER))
  await pass(100)
  expect(root?.getAttribute('data-doubt')).toBe('owed')
  expect(root?.textContent).not.toContain(OWED)
  act(() => relay.emit(USER, 'ADDED'))
  await pass(10)
  expect(root?.querySelector('p[data-part="doubt"]')?.textContent).toBe(OWED)
  expect(spoken).toEqual([`status: Document added. We have received your document. ${OWED}`])
})

it('says of a refusal, in one alert, that there were more answers than documents', async () => {
  const { relay, client, root, spoken } = open({ onRetry: () => {} })
  await pass(10)
  await act(() => client.beginUpload(USER))
  for (let i = 0; i < 2; i++) {
    act(() => relay.emit(USER, 'ERROR'))
    await pass(100)
  }
  expect(root?.querySelector('[data-part="doubt"]')?.textContent).toBe(EXTRA)
  expect(spoken).toEqual([`alert: ${REFUSED} You can try again.`, `alert: ${REFUSED} ${EXTRA} You can try again.`])
})

it('keeps a late duplicate of a refusal to itself once the document was added', async () => {
  const { relay, client, root, spoken } = open()
  await pass(10)
  await act(() => client.beginUpload(USER))
  for (const status of ['ADDED', 'ERROR'] as const) {
    act(() => relay.emit(USER, status))
    await pass(100)
  }
  expect(root?.getAttribute('data-doubt')).toBe('extra')
  expect(root?.querySelector('[data-part="doubt"]')).toBeNull()
  expect(spoken).toEqual(['status: Document added. We have received your document.'])
})

it('says that an answer may have been missed, also where that is known after the outcome, which it says again', async () => {
  const opened = open()
  const { relay, client, root, spoken } = opened
  await pass(10)
  await act(() => client.beginUpload(USER))
  act(() => relay.emit(USER, 'ADDED'))
  await pass(10)
  await missAnswers(opened, 'ADDED')
  expect(root?.getAttribute('data-doubt')).toBe('missed')
  expect(root?.textContent).toContain(MISSED)
  await pass(60_000)
  const added = 'status: Document added. We have received your document.'
  expect(spoken.map((text) => text.trim())).toEqual([added, `${added} ${MISSED}`])
})

it('says with a very slow answer that it may have been missed, and nothing of it before', async () => {
  const opened = open({ slowAfter: 10_000, verySlowAfter: 60_000 })
  const { client, root, spoken } = opened
  await pass(10)
  await act(() => client.beginUpload(USER, { files: 50 }))
  await missAnswers(opened, 'ADDED')
  await pass(20_000)
  expect(root?.getAttribute('data-doubt')).toBe('missed')
  expect(root?.getAttribute('data-status')).toBe('slow')
  expect(root?.textContent).not.toContain(MISSED)
  await pass(40_000)
  expect(root?.getAttribute('data-status')).toBe('very-slow')
  expect(root?.textContent).toContain(MISSED)
  expect(spoken.filter((text) => text.includes(MISSED))).toHaveLength(1)
  expect(spoken.at(-1)).toMatch(/^status: We are still checking your document\. .+ We may have missed an answer\. /)
})

it('says no doubt while an upload is being sent', async () => {
  const { relay, client, root } = open({ isSending: true })
  await pass(10)
  for (let i = 0; i < 2; i++) await act(() => client.beginUpload(USER))
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  expect(root?.hasAttribute('data-doubt')).toBe(false)
  expect(root?.querySelector('[data-part="doubt"]')).toBeNull()
})

it('shows the wait as live where the relay has no room for a stream, and is asked again and again', async () => {
  const { relay, client, root, spoken } = open()
  await pass(10)
  await act(() => client.beginUpload(USER))
  await pass(1500)
  spoken.length = 0
  const serve = relay.fetch
  const { cursor } = await (
    await serve(`${relay.url}/events/${USER}`, { headers: { accept: 'application/json' } })
  ).json()
  const now = new Date().toISOString()
  const sync = JSON.stringify({ cursor, now, complete: true, heartbeat: 15 })
  relay.respond(
    () =>
      new Response(`retry: 15000\n\nevent: sync\nid: ${cursor}\ndata: ${sync}\n\n`, {
        headers: { 'content-type': 'text/event-stream' },
      }),
  )
  act(() => relay.drop())
  await pass(0)
  for (let i = 0; i < 4; i++) await pass(10_000)
  expect(client.getState(USER).connection).toMatchObject({ status: 'open', transport: 'polling' })
  expect(root?.getAttribute('data-connection')).toBe('live')
  expect(root?.textContent).toContain('This page updates by itself.')
  expect(spoken.filter((text) => !text.includes('Still checking'))).toEqual([])
  relay.respond(null)
  act(() => relay.emit(USER, 'ADDED'))
  for (let i = 0; i < 20 && root?.getAttribute('data-status') !== 'added'; i++) await pass(1000)
  expect(spoken.at(-1)).toBe('status: Document added. We have received your document.')
})
