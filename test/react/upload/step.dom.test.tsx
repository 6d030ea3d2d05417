import { act, cleanup, fireEvent, renderHook, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { KycStatusProvider, KycUpload, type KycUploadProps, useKycUpload } from '../../../src/react/index.ts'
import { passed, renderError, setUp, USER } from '../render.tsx'
import { listen } from '../upload-status/spoken.ts'
import { controlledUpload, image } from './controlled-upload.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const REVIEW = 'We are looking at what you sent us.'

async function open(props: Partial<KycUploadProps> = {}) {
  const { relay, client, renderUi } = setUp({ retry: { base: 500, max: 2000 } })
  const { calls, upload, last } = controlledUpload()
  const done: string[] = []
  const note = (name: 'beginUpload' | 'setSending' | 'clear', say: (args: unknown[]) => string) => {
    const original = client[name] as (...args: unknown[]) => unknown
    vi.spyOn(client, name).mockImplementation((...args: unknown[]) => {
      done.push(say(args))
      return original(...args) as never
    })
  }
  note('beginUpload', ([, options]) => `begin ${JSON.stringify(options)}`)
  note('setSending', ([, step, isSending]) => `${isSending ? 'sending' : 'not sending'} ${step}`)
  note('clear', ([, options]) => `clear ${JSON.stringify(options)}`)
  const ui = (more: Partial<KycUploadProps> = {}) => (
    <StrictMode>
      <KycUpload
        externalUserId={USER}
        step="poa"
        upload={(file, context) => {
          done.push('bytes')
          return upload(file, context)
        }}
        {...props}
        {...more}
      />
    </StrictMode>
  )
  const { container, unmount, rerender } = renderUi(ui())
  await passed(10)
  return {
    relay,
    client,
    container,
    unmount,
    rerender: (more: Partial<KycUploadProps>) => rerender(ui(more)),
    calls,
    last,
    done,
    spoken: listen(container),
    attempt: () => client.getState(USER).steps.get('poa')?.attempt ?? null,
    sending: () => [...client.getState(USER).sending],
    problems: () => [...container.querySelectorAll('[data-part="problem"]')].map((line) => line.textContent),
  }
}

const field = () => screen.getByLabelText(/^Your documents? Choose/)
const choose = (...files: File[]) => fireEvent.change(field(), { target: { files } })
const press = async (name: string | RegExp) => {
  fireEvent.click(screen.getByRole('button', { name }))
  await passed(1)
}
const settle = async (finish: () => void) => {
  await act(async () => finish())
  await passed(1)
}
const pages = () => [image('page 1.jpg'), image('page 2.jpg'), image('page 3.jpg', 200)]
const sendPages = async () => {
  choose(...pages())
  await press('Upload 3 files')
}

it('sends all files in one request, for a step that has begun before', async () => {
  const { calls, last, done, client, attempt, sending } = await open()
  await sendPages()
  expect(calls).toHaveLength(1)
  expect(last().files.map(({ name }) => name)).toEqual(['page 1.jpg', 'page 2.jpg', 'page 3.jpg'])
  expect(last().file).toBe(last().files[0])
  expect(attempt()).not.toBeNull()
  expect(sending()).toEqual(['poa'])
  await settle(() => last().resolve())
  expect(sending()).toEqual([])
  expect(client.getState(USER).attempt).toBeNull()
  expect(done).toEqual(['sending poa', 'begin {"step":"poa"}', 'bytes', 'not sending poa'])
})

it('says once that what was sent is in review, and nothing of a document', async () => {
  const { relay, last, spoken, container } = await open()
  expect(container.querySelector('[data-part="review"]')?.textContent).toBe('')
  await sendPages()
  expect(screen.queryByText(REVIEW)).toBeNull()
  await settle(() => last().resolve())
  act(() => relay.emit(USER, 'ERROR'))
  act(() => relay.emit(USER, { frame: 'poa', status: 'WAITING' }))
  await passed(120_000)
  expect(screen.getByText(REVIEW)).toBeTruthy()
  expect(container.querySelector('[data-scope="kyc-upload-status"]')).toBeNull()
  expect(spoken).toEqual([`status: ${REVIEW}`])
})

it.each([
  ['APPROVED', false],
  ['QUESTIONED', true],
  ['REJECTED', true],
])('says no more that it is in review after %s; asks for files again: %s', async (status, isAskedAgain) => {
  const { relay, last } = await open()
  await sendPages()
  await settle(() => last().resolve())
  act(() => relay.emit(USER, { frame: 'poa', status }))
  await passed(10)
  expect(screen.queryByText(REVIEW)).toBeNull()
  expect(screen.queryByLabelText(/Choose/) !== null).toBe(isAskedAgain)
})

it('asks for files again once somebody else has ended the attempt', async () => {
  const { last, client } = await open()
  await sendPages()
  await settle(() => last().resolve())
  act(() => client.clear(USER, { step: 'poa' }))
  await passed(10)
  expect(field()).toBeTruthy()
})

it('takes other files on, and leaves those that were sent in review', async () => {
  const { last, attempt } = await open()
  await sendPages()
  await settle(() => last().resolve())
  const before = attempt()
  await press('Start over')
  expect(document.activeElement).toBe(field())
  expect(attempt()).toBe(before)
  await sendPages()
  expect(attempt()?.id).not.toBe(before?.id)
})

it('takes three files of 5 MB, and says of each other one what is wrong with it', async () => {
  const { problems, container } = await open()
  expect(container.querySelector('[data-part="hint"]')?.textContent).toBe('JPEG, PNG, or PDF, smaller than 5 MB')
  const text = new File(['x'], 'notes.txt', { type: 'text/plain' })
  choose(image('largest.jpg', 5_000_000), image('huge.jpg', 5_000_001), text, image('empty.jpg', 0))
  expect(problems()).toEqual([
    'huge.jpg must be smaller than 5 MB.',
    'notes.txt must be a JPEG, PNG, or PDF file.',
    'empty.jpg is empty. Choose another file.',
  ])
  choose(...pages())
  expect(problems()).toEqual(['Choose 3 files at most.'])
  expect(container.querySelectorAll('[data-part="file"]')).toHaveLength(3)
})

it('has other limits where it is told to', async () => {
  const { problems } = await open({ maxFiles: 2, maxSize: 2000, accept: '.jpg' })
  choose(...pages(), image('page 4.jpg', 2001))
  expect(problems()).toEqual(['page 4.jpg must be smaller than 2 kB.', 'Choose 2 files at most.'])
})

it('shows how far all of the request is', async () => {
  const { last } = await open()
  await sendPages()
  act(() => last().onProgress({ loaded: 100 }))
  const bars = screen.getAllByRole('progressbar')
  expect(bars).toHaveLength(3)
  for (const bar of bars) expect(bar).toMatchObject({ value: 100, max: 400 })
})

it('waits for nothing once it was canceled, and sends all files again', async () => {
  const { calls, last, attempt, sending, client } = await open()
  await act(() => client.beginUpload(USER))
  await sendPages()
  await press('Cancel')
  expect(last().signal.aborted).toBe(true)
  expect([attempt(), sending()]).toEqual([null, []])
  expect(client.getState(USER).attempt).not.toBeNull()
  await press('Remove page 2.jpg')
  await press('Try again')
  expect(calls).toHaveLength(2)
  expect(last().files.map(({ name }) => name)).toEqual(['page 1.jpg', 'page 3.jpg'])
  expect(attempt()).not.toBeNull()
})

it('waits for nothing that could not be sent', async () => {
  const { last, attempt, sending, done, problems } = await open()
  await sendPages()
  await settle(() => last().reject(new Error('the network is gone')))
  expect([attempt(), sending()]).toEqual([null, []])
  expect(problems()).toHaveLength(3)
  // The other way round the step would be in review for a moment.
  expect(done.slice(-2)).toEqual(['clear {"step":"poa"}', 'not sending poa'])
  await press('Try again')
  expect(attempt()).not.toBeNull()
})

it.each([
  ['is taken out of the page', ({ unmount }: { unmount: () => void }) => unmount()],
  ['is left', () => act(() => void window.dispatchEvent(new Event('pagehide')))],
])('stops when it %s', async (_, leave) => {
  const { unmount, last, attempt, sending } = await open()
  await sendPages()
  leave({ unmount })
  await passed(1)
  expect(last().signal.aborted).toBe(true)
  expect([attempt(), sending()]).toEqual([null, []])
})

it('keeps waiting for what was sent when it is taken out of the page', async () => {
  const { unmount, last, attempt } = await open()
  await sendPages()
  await settle(() => last().resolve())
  unmount()
  expect(attempt()).not.toBeNull()
})

it('leaves nothing of one step to the next one', async () => {
  const { rerender, last, attempt, sending, calls } = await open()
  await sendPages()
  rerender({ step: 'letter' })
  await passed(10)
  expect(last().signal.aborted).toBe(true)
  expect([attempt(), sending()]).toEqual([null, []])
  expect(screen.queryByText('page 1.jpg')).toBeNull()
  expect(calls).toHaveLength(1)
})

it('sends once, however often it is told to', async () => {
  const { calls, done } = await open()
  choose(...pages())
  const button = screen.getByRole('button', { name: 'Upload 3 files' })
  act(() => {
    fireEvent.click(button)
    fireEvent.click(button)
  })
  await passed(1)
  expect(calls).toHaveLength(1)
  expect(done.filter((what) => what.startsWith('begin'))).toHaveLength(1)
})

it('does not take files for sent that an upload function has not looked at', async () => {
  const { problems, attempt } = await open({ upload: async () => new Response() })
  await sendPages()
  expect(problems()).toHaveLength(3)
  expect(attempt()).toBeNull()
  await press('Start over')
  choose(image('page 1.jpg'))
  await press('Upload')
  expect(screen.getByText(REVIEW)).toBeTruthy()
})

it('sends one file after the other for a step of another kind', async () => {
  const { calls, last, done, client } = await open({ step: 'letter', maxFiles: 2 })
  await act(() => client.beginUpload(USER, { files: 5 }))
  choose(image('front.jpg'), image('back.jpg'))
  await press('Upload 2 files')
  expect(last().files.map(({ name }) => name)).toEqual(['front.jpg'])
  await settle(() => last().resolve())
  await settle(() => last().reject(new Error('the network is gone')))
  await press('Try again: back.jpg')
  await settle(() => last().resolve())
  expect(calls).toHaveLength(3)
  expect(done.filter((what) => /begin|clear/.test(what))).toEqual(['begin {"files":5}', 'begin {"step":"letter"}'])
  expect(client.getState(USER).sending.size).toBe(0)
  // Files are counted for documents alone.
  expect(client.getState(USER).attempt?.files).toBe(5)
  expect(screen.getByText(REVIEW)).toBeTruthy()
})

it('sends documents in one request, too, and waits for an answer to each', async () => {
  const { calls, last, client, sending, relay } = await open({ step: 'kyc-file', maxFiles: 2, together: true })
  choose(image('front.jpg'), image('back.jpg'))
  await press('Upload 2 files')
  expect(calls).toHaveLength(1)
  expect(sending()).toEqual(['kyc-file'])
  expect(client.getState(USER).attempt?.files).toBe(2)
  await settle(() => last().resolve())
  expect(sending()).toEqual([])
  for (let i = 0; i < 2; i++) act(() => relay.emit(USER, 'ADDED'))
  await passed(10)
  expect(screen.getByRole('group', { name: 'Document added' })).toBeTruthy()
})

it('sends all files together where one of them is meant', async () => {
  const { client } = await open()
  const { upload, last } = controlledUpload()
  const { result } = renderHook(() => useKycUpload({ externalUserId: USER, step: 'poa', upload }), {
    wrapper: ({ children }) => <KycStatusProvider client={client}>{children}</KycStatusProvider>,
  })
  act(() => result.current.choose(pages()))
  act(() => void result.current.send(result.current.files[1]?.id))
  await passed(10)
  expect(last().files).toHaveLength(3)
  expect(result.current).toMatchObject({ together: true, limits: { maxFiles: 3, maxSize: 5_000_000 } })
})

it.each([
  [{ step: '' }, 'step: expected the frame of a webhook: "poa"'],
  [{ step: null as unknown as string }, 'step: expected the frame of a webhook: "poa"'],
  [{ together: 'yes' as unknown as boolean }, 'together: expected true or false'],
])('refuses %j', (props, message) => {
  const { upload } = controlledUpload()
  const error = renderError(setUp().provide(<KycUpload externalUserId={USER} upload={upload} {...props} />))
  expect(error).toMatchObject({ message: `useKycUpload: ${message}` })
})
