import { act, cleanup, fireEvent, renderHook, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  KycStatusProvider,
  KycUpload,
  type KycUploadProps,
  UploadError,
  type UploadFunction,
  useKycUpload,
} from '../../../src/react/index.ts'
import { renderError, setUp, USER } from '../render.tsx'
import { listen } from '../upload-status/spoken.ts'
import { controlledUpload, image } from './controlled-upload.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

async function pass(ms: number) {
  for (const part of [ms, 1, 1, 1]) await act(() => vi.advanceTimersByTimeAsync(part))
}

async function open(props: Partial<KycUploadProps> = {}) {
  const { relay, client, renderUi, provide } = setUp({ retry: { base: 500, max: 2000 } })
  const { calls, upload, last } = controlledUpload()
  const ui = (
    <StrictMode>
      <KycUpload externalUserId={USER} upload={upload} {...props} />
    </StrictMode>
  )
  const { container, unmount } = renderUi(ui)
  await pass(10)
  return {
    relay,
    client,
    container,
    unmount,
    provide,
    ui,
    calls,
    last,
    spoken: listen(container),
    outcome: () => client.getState(USER).status?.outcome,
  }
}

const field = () => screen.getByLabelText(/^Your documents? Choose/)
const choose = (...files: File[]) => fireEvent.change(field(), { target: { files } })
const press = async (name: string | RegExp) => {
  fireEvent.click(screen.getByRole('button', { name }))
  await pass(1)
}
const settle = async (done: () => void) => {
  await act(async () => done())
  await pass(1)
}

it('goes from a choice to the confirmation, and says what matters once', async () => {
  const { relay, last, spoken, outcome } = await open()
  choose(image('passport.jpg'))
  expect(outcome()).toBe('none')
  await press('Upload')
  expect(outcome()).toBe('waiting')
  const bar = screen.getByRole('progressbar', { name: 'Uploading passport.jpg' })
  act(() => last().onProgress({ loaded: 40, total: 100 }))
  expect(bar).toMatchObject({ value: 40, max: 100 })
  await settle(() => last().resolve())
  expect(screen.getByRole('group', { name: 'Checking your document' })).toBeTruthy()
  await pass(1500)
  act(() => relay.emit(USER, 'ADDED'))
  await pass(10)
  expect(screen.getByRole('group', { name: 'Document added' })).toBeTruthy()
  expect(spoken).toEqual([
    'status: Checking your document. This usually takes less than a minute. You can stay on this page.',
    'status: Document added. We have received your document.',
  ])
})

it('marks the point from which answers count before the bytes leave', async () => {
  const { relay, calls, client } = await open()
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  await press('Try again')
  choose(image('passport.jpg'))
  await press('Upload')
  expect(calls).toHaveLength(1)
  expect(client.getState(USER)).toMatchObject({ attempt: { files: 1 }, status: { outcome: 'waiting' } })
})

it('does not call slow what is still being sent', async () => {
  const { last, container, spoken } = await open()
  choose(image('passport.jpg'))
  await press('Upload')
  await pass(120_000)
  expect(spoken).toEqual([])
  await settle(() => last().resolve())
  expect(container.querySelector('[data-scope="kyc-upload-status"]')?.getAttribute('data-status')).toBe('processing')
  await pass(10_000)
  expect(container.querySelector('[data-scope="kyc-upload-status"]')?.getAttribute('data-status')).toBe('slow')
})

it('sends several files one after the other, and waits for as many answers', async () => {
  const { relay, calls, last, client } = await open({ maxFiles: 2 })
  choose(image('front.jpg'), image('back.jpg'))
  await press('Upload 2 files')
  expect(client.getState(USER).attempt?.files).toBe(2)
  expect(calls.map(({ file }) => file.name)).toEqual(['front.jpg'])
  expect(screen.getByText('Waiting')).toBeTruthy()
  await settle(() => last().resolve())
  expect(calls.map(({ file }) => file.name)).toEqual(['front.jpg', 'back.jpg'])
  act(() => relay.emit(USER, 'ADDED'))
  await settle(() => last().resolve())
  expect(screen.getByText('1 of 2 files added')).toBeTruthy()
  act(() => relay.emit(USER, 'ADDED'))
  await pass(10)
  expect(screen.getByRole('group', { name: 'Document added' })).toBeTruthy()
})

it('sends the file again that could not be sent, and no other', async () => {
  const { calls, last, client, spoken } = await open({ maxFiles: 2 })
  choose(image('front.jpg'), image('back.jpg'))
  await press('Upload 2 files')
  const { attempt } = client.getState(USER)
  await settle(() => last().reject(new Error('the network is gone')))
  await settle(() => last().resolve())
  expect(spoken).toContain('alert: front.jpg could not be sent. Check your connection, then try again.')
  await press('Try again: front.jpg')
  expect(calls.map(({ file }) => file.name)).toEqual(['front.jpg', 'back.jpg', 'front.jpg'])
  await settle(() => last().resolve())
  expect(client.getState(USER).attempt?.id).toBe(attempt?.id)
  expect(screen.getByRole('group', { name: 'Checking your document' })).toBeTruthy()
})

it('says that a file is on its way, until it has arrived, is stopped, or nobody sends it any more', async () => {
  const { client, last, unmount } = await open()
  const isSending = () => client.getState(USER).sending.has('kyc-file')
  const begin = async (name: string) => {
    choose(image(name))
    expect(isSending()).toBe(false)
    fireEvent.click(screen.getByRole('button', { name: 'Upload' }))
    await pass(10)
    expect(isSending()).toBe(true)
  }
  await begin('a.jpg')
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  await pass(10)
  expect(isSending()).toBe(false)
  fireEvent.click(screen.getByRole('button', { name: 'Start over' }))
  await begin('b.jpg')
  last().resolve()
  await pass(10)
  expect(isSending()).toBe(false)
  expect(client.getState(USER).status?.outcome).toBe('waiting')
  unmount()
  expect(isSending()).toBe(false)
})

it('waits for nothing when nothing was sent', async () => {
  const { last, outcome } = await open()
  choose(image('passport.jpg'))
  await press('Upload')
  await settle(() => last().reject(new Error('the network is gone')))
  await pass(10)
  expect(outcome()).toBe('none')
  await press('Try again: passport.jpg')
  expect(outcome()).toBe('waiting')
})

it('stops when it is told to, and can go on', async () => {
  const { calls, last, outcome } = await open()
  choose(image('passport.jpg'))
  await press('Upload')
  await press('Cancel')
  expect(last().signal.aborted).toBe(true)
  expect(screen.getByText('Not sent')).toBeTruthy()
  expect(outcome()).not.toBe('waiting')
  await press('Try again: passport.jpg')
  expect(calls).toHaveLength(2)
  expect(outcome()).toBe('waiting')
})

it('lets the person begin again with another file', async () => {
  const { last } = await open()
  choose(image('passport.jpg'))
  await press('Upload')
  await settle(() => last().reject(new Error('no')))
  await press('Start over')
  expect(document.activeElement).toBe(field())
  expect(screen.queryByText('passport.jpg')).toBeNull()
})

it.each([
  ['that was sent may still be answered, which the next one says', true, 'owed'],
  ['that was not sent is owed no answer', false, null],
])('an upload %s', async (_, isSent, doubt) => {
  const { client } = await open()
  const { upload, last } = controlledUpload()
  const { result } = renderHook(() => useKycUpload({ externalUserId: USER, upload }), {
    wrapper: ({ children }) => <KycStatusProvider client={client}>{children}</KycStatusProvider>,
  })
  act(() => result.current.choose([image('passport.jpg')]))
  act(() => void result.current.send())
  await pass(10)
  await settle(() => (isSent ? last().resolve() : last().reject(new Error('no'))))
  act(() => result.current.reset())
  await act(() => client.beginUpload(USER))
  expect(client.getState(USER).status?.doubt).toBe(doubt)
})

it('an upload function that goes on after it was canceled disturbs neither the next try nor its attempt', async () => {
  const { client } = await open()
  const answers: (() => void)[] = []
  const upload = () => new Promise<void>((resolve) => answers.push(resolve))
  const { result } = renderHook(() => useKycUpload({ externalUserId: USER, upload }), {
    wrapper: ({ children }) => <KycStatusProvider client={client}>{children}</KycStatusProvider>,
  })
  act(() => result.current.choose([image('passport.jpg')]))
  act(() => void result.current.send())
  await pass(10)
  act(() => result.current.cancel())
  act(() => void result.current.send())
  await pass(10)
  await settle(() => answers[0]?.())
  expect(result.current.phase).toBe('sending')
  expect(client.getState(USER).attempt).not.toBeNull()
  await settle(() => answers[1]?.())
  expect(result.current.phase).toBe('sent')
})

it('an upload that was sent changes nothing of the next one, of somebody else, when it goes away', async () => {
  const { client, last, unmount } = await open()
  choose(image('passport.jpg'))
  await press('Upload')
  await settle(() => last().resolve())
  await act(() => client.beginUpload(USER, { files: 3 }))
  unmount()
  expect(client.getState(USER).attempt).toMatchObject({ files: 3 })
})

it('says what is wrong with a choice, beside the field and to screen readers, and keeps what is right', async () => {
  const { container, spoken } = await open({ maxFiles: 2, maxSize: 1_000_000, accept: 'image/jpeg,.pdf' })
  const text = new File(['x'], 'notes.txt', { type: 'text/plain' })
  choose(image('front.jpg'), text, image('huge.jpg', 1_000_001), image('empty.jpg', 0))
  await pass(1)
  const problems = [
    'notes.txt must be a JPEG or PDF file.',
    'huge.jpg must be smaller than 1 MB.',
    'empty.jpg is empty. Choose another file.',
  ]
  const lines = [...container.querySelectorAll('[data-part="problem"]')].map((line) => line.textContent)
  expect(lines).toEqual(problems)
  expect(spoken).toEqual([`alert: ${problems.join('')}`])
  expect(field().getAttribute('aria-invalid')).toBe('true')
  expect(screen.getByText('front.jpg')).toBeTruthy()
  await press('Remove front.jpg')
  expect(screen.queryByText('front.jpg')).toBeNull()
})

it('takes what is dropped', async () => {
  const { container } = await open()
  const zone = container.querySelector('[data-part="drop-zone"]')
  if (!zone) throw new Error('expected a drop zone')
  fireEvent.dragOver(zone)
  expect(zone.hasAttribute('data-dragged-over')).toBe(true)
  fireEvent.drop(zone, { dataTransfer: { files: [image('passport.jpg')] } })
  expect(zone.hasAttribute('data-dragged-over')).toBe(false)
  expect(screen.getByText('passport.jpg')).toBeTruthy()
})

it('goes on from the outcome after a reload, without asking for a file again', async () => {
  const { relay, client, renderUi } = setUp()
  await act(() => client.beginUpload(USER))
  const { upload } = controlledUpload()
  renderUi(<KycUpload externalUserId={USER} upload={upload} />)
  await pass(10)
  expect(screen.getByRole('group', { name: 'Checking your document' })).toBeTruthy()
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  await press('Try again')
  expect(document.activeElement).toBe(field())
})

it('does not go on waiting for what was not sent when the page goes away', async () => {
  const { client, last } = await open()
  choose(image('passport.jpg'))
  await press('Upload')
  act(() => void window.dispatchEvent(new Event('pagehide')))
  expect(last().signal.aborted).toBe(true)
  expect(client.getState(USER).attempt).toBeNull()
  expect(sessionStorage).toHaveLength(0)
})

it('stops what it sends when it is taken out of the page', async () => {
  const { unmount, last, client } = await open()
  choose(image('passport.jpg'))
  await press('Upload')
  unmount()
  expect(last().signal.aborted).toBe(true)
  expect(client.getState(USER).attempt).toBeNull()
})

it('leaves nothing of one user to the next one', async () => {
  const { relay, renderUi, client } = setUp()
  const { upload, calls, last } = controlledUpload()
  const ui = (user: string) => <KycUpload externalUserId={user} upload={upload} />
  const { rerender } = renderUi(ui('alice'))
  await pass(10)
  choose(image('alice.jpg'))
  await press('Upload')
  rerender(ui('bob'))
  await pass(10)
  expect(last().signal.aborted).toBe(true)
  expect(screen.queryByText('alice.jpg')).toBeNull()
  expect(client.getState('alice').attempt).toBeNull()
  relay.emit('bob', 'ADDED')
  await pass(10)
  expect(calls).toHaveLength(1)
  expect(screen.getByRole('group', { name: 'Document added' })).toBeTruthy()
})

it('waits for what was sent, and for nothing else, when the page goes away or the rest is taken back', async () => {
  const { client, last } = await open({ maxFiles: 2 })
  choose(image('front.jpg'), image('back.jpg'))
  await press('Upload 2 files')
  await settle(() => last().resolve())
  act(() => void window.dispatchEvent(new Event('pagehide')))
  await pass(1)
  expect(client.getState(USER).attempt?.files).toBe(1)
  // The page was kept, and shown again: what is sent now counts again.
  await press('Try again: back.jpg')
  expect(client.getState(USER).attempt?.files).toBe(2)
  await settle(() => last().reject(new Error('no')))
  await press('Remove back.jpg')
  expect(client.getState(USER).attempt?.files).toBe(1)
  expect(screen.getByRole('group', { name: 'Checking your document' })).toBeTruthy()
})

it('says nothing of an old refusal over the form', async () => {
  const { relay, last, spoken } = await open()
  choose(image('passport.jpg'))
  await press('Upload')
  await settle(() => last().resolve())
  act(() => relay.emit(USER, 'ERROR'))
  await pass(10)
  await press('Try again')
  await pass(20_000)
  expect(spoken.filter((text) => text.startsWith('alert: We could not add'))).toHaveLength(1)
  choose(image('passport.jpg'))
  await press('Upload')
  await settle(() => last().reject(new Error('no')))
  await press('Start over')
  await pass(20_000)
  expect(spoken.filter((text) => text.startsWith('alert: We could not add'))).toHaveLength(1)
})

it('takes a response that refuses for a file that was not sent', async () => {
  const { outcome } = await open({ upload: async () => new Response(null, { status: 413 }) })
  choose(image('passport.jpg'))
  await press('Upload')
  await pass(10)
  expect(screen.getByText('passport.jpg could not be sent. Check your connection, then try again.')).toBeTruthy()
  expect(outcome()).toBe('none')
})

it('says why a file could not be sent, where the application knows', async () => {
  const errorText = (error: unknown, { name }: File) =>
    error instanceof UploadError && error.status === 413 ? `${name} is too large for us.` : undefined
  await open({ errorText, upload: async () => new Response(null, { status: 413 }) })
  choose(image('passport.jpg'))
  await press('Upload')
  expect(screen.getByText('passport.jpg is too large for us.')).toBeTruthy()
})

it('says each wrong choice, also the same one again, and takes it back with the next', async () => {
  const { container, spoken } = await open()
  const text = () => new File(['x'], 'notes.txt', { type: 'text/plain' })
  const problems = () => [...container.querySelectorAll('[data-part="problem"]')].map((line) => line.textContent)
  for (let i = 0; i < 2; i++) {
    choose(text(), text())
    await pass(1)
    expect(problems()).toHaveLength(2)
  }
  expect(spoken).toHaveLength(2)
  choose(image('passport.jpg'))
  expect(problems()).toEqual([])
})

it('can ask for another document, whatever became of the one before', async () => {
  const { relay, client, renderUi } = setUp()
  relay.emit(USER, 'ADDED')
  const { upload, calls } = controlledUpload()
  renderUi(<KycUpload externalUserId={USER} upload={upload} startWith="form" />)
  await pass(10)
  choose(image('second.jpg'))
  await press('Upload')
  expect(calls).toHaveLength(1)
  expect(client.getState(USER).status?.outcome).toBe('waiting')
})

it('asks for a document again when somebody else has ended the wait', async () => {
  const { client, last } = await open()
  choose(image('passport.jpg'))
  await press('Upload')
  await settle(() => last().resolve())
  act(() => client.clear(USER))
  await pass(10)
  expect(field()).toBeTruthy()
})

it('passes attributes on to its element', async () => {
  await open({ id: 'mine', 'aria-label': 'Passport', className: 'wide' })
  expect(screen.getByRole('group', { name: 'Passport' })).toMatchObject({ id: 'mine', className: 'wide' })
})

it.each([
  [{ loaded: Number.NaN, total: 100 }, 0, 100],
  [{ loaded: 50 }, 50, 100],
  [{ loaded: 50, total: Number.POSITIVE_INFINITY }, 50, 100],
  [{ loaded: -1, total: -2 }, 0, 100],
  [{ loaded: 300, total: 200 }, 200, 200],
])('reads the progress %j', async (progress, value, max) => {
  const { last } = await open()
  choose(image('passport.jpg', 100))
  await press('Upload')
  act(() => last().onProgress(progress))
  expect(screen.getByRole('progressbar')).toMatchObject({ value, max })
})

it('ends no wait that is not its own when it is taken out of the page', async () => {
  const { unmount, last, client } = await open()
  choose(image('passport.jpg'))
  await press('Upload')
  await settle(() => last().reject(new Error('no')))
  await act(() => client.beginUpload(USER))
  unmount()
  expect(client.getState(USER).attempt).not.toBeNull()
})

it('offers a way out when an answer is very slow', async () => {
  const { last, outcome } = await open()
  choose(image('passport.jpg'))
  await press('Upload')
  await settle(() => last().resolve())
  for (const ms of [10_000, 50_000]) await pass(ms)
  expect(screen.getByRole('group', { name: 'We are still checking your document' })).toBeTruthy()
  screen.getByRole('button', { name: 'Start over' }).focus()
  await press('Start over')
  await pass(10)
  expect(outcome()).toBe('none')
  expect(document.activeElement).toBe(field())
})

it('lets a person upload who cannot be told of the outcome', async () => {
  const { relay, client, renderUi } = setUp({ retry: { base: 500, max: 2000 } })
  relay.respond('network')
  const { upload, calls } = controlledUpload()
  renderUi(<KycUpload externalUserId={USER} upload={upload} />)
  await pass(6000)
  choose(image('passport.jpg'))
  await press('Upload')
  await pass(3100)
  expect(calls).toHaveLength(1)
  expect(client.getState(USER).attempt).not.toBeNull()
})

it('keeps the focus in sight when the button that has it goes away', async () => {
  const { container } = await open()
  choose(image('passport.jpg'))
  screen.getByRole('button', { name: 'Upload' }).focus()
  await press('Upload')
  expect(document.activeElement).toBe(container.querySelector('[data-scope="kyc-upload"][data-part="root"]'))
})

it('renders on a server, with live regions that are empty', async () => {
  const { provide, ui } = await open()
  const html = renderToString(provide(ui))
  expect(html).toMatch(/role="status"[^>]*><\/div>/)
  expect(html).not.toContain('style=')
})

it.each([
  [{ maxFiles: 0 }, 'maxFiles: expected a whole number, 1 or more'],
  [{ maxSize: 1.5 }, 'maxSize: expected a whole number, 1 or more'],
  [{ accept: 'jpeg' }, 'accept: expected what the attribute accept takes: "image/jpeg,.pdf"'],
  [{ upload: 'https://x' as unknown as UploadFunction }, 'upload: expected a function'],
])('refuses %j', (props, message) => {
  const { upload } = controlledUpload()
  const error = renderError(setUp().provide(<KycUpload externalUserId={USER} upload={upload} {...props} />))
  expect(error).toMatchObject({ message: `useKycUpload: ${message}` })
})
