import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { createKycStatusClient, KycStatusProvider, KycUploadStatus, useKycFileStatus } from '../../src/react/index.ts'
import { createMockRelay } from '../../src/testing/index.ts'

const USER = 'user'
const status = (event: number) => (event % 2 === 0 ? 'ERROR' : 'ADDED')
const nextTask = () => new Promise<void>((resolve) => setTimeout(resolve))

function mount(ui: ReactNode): void {
  const root = document.createElement('main')
  document.body.replaceChildren(root)
  createRoot(root).render(ui)
}

const counts = { outcome: 0, unchanged: 0, nothing: 0 }

/** Reads what changes with each event. */
function ReadsOutcome(): ReactNode {
  counts.outcome++
  return useKycFileStatus(USER).data?.outcome
}

/** Reads what stays the same. */
function ReadsUser(): ReactNode {
  counts.unchanged++
  return useKycFileStatus(USER, { select: ({ externalUserId }) => externalUserId }).data
}

/** Only begins uploads. */
function ReadsNothing(): ReactNode {
  counts.nothing++
  const { beginUpload } = useKycFileStatus(USER)
  return <button onClick={() => void beginUpload()} type="button" />
}

/** How often each of `components` renders for `events`, by what it reads. */
async function renders(components: number, events: number): Promise<Record<keyof typeof counts, number>> {
  const relay = createMockRelay()
  const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch })
  const many = (Component: () => ReactNode) => [...Array(components).keys()].map((key) => <Component key={key} />)
  mount(
    <KycStatusProvider client={client}>
      {many(ReadsOutcome)}
      {many(ReadsUser)}
      {many(ReadsNothing)}
    </KycStatusProvider>,
  )
  const shows = async (text: string) => {
    while (document.querySelector('main')?.firstChild?.textContent !== text) await nextTask()
  }
  await shows('none')
  // Until nobody renders for the first answer any more.
  for (let i = 0; i < 20; i++) await nextTask()
  Object.assign(counts, { outcome: 0, unchanged: 0, nothing: 0 })
  for (let event = 0; event < events; event++) {
    relay.emit(USER, status(event))
    await shows(status(event).toLowerCase())
  }
  client.close()
  return { ...counts }
}

/** From the bytes of a frame to the change in the page, in milliseconds, once for each of `events`. */
async function latencies(events: number): Promise<number[]> {
  const encoder = new TextEncoder()
  const frame = (event: string, id: number, data: object) =>
    encoder.encode(`event: ${event}\nid: ${id}-0\ndata: ${JSON.stringify(data)}\n\n`)
  let line: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      line = controller
    },
  })
  const answer = new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const client = createKycStatusClient({ url: '/', fetch: async () => answer, shareAcrossTabs: false })
  mount(
    <KycStatusProvider client={client}>
      <KycUploadStatus externalUserId={USER} />
    </KycStatusProvider>,
  )
  const now = new Date().toISOString()
  line?.enqueue(frame('sync', 1, { cursor: '1-0', now, complete: true, heartbeat: 15 }))
  const root = async () => {
    for (;;) {
      const found = document.querySelector('[data-part="root"]')
      if (found?.getAttribute('data-status') === 'none') return found
      await nextTask()
    }
  }
  const card = await root()
  const measured: number[] = []
  for (let event = 0; event < events; event++) {
    const changed = new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        observer.disconnect()
        resolve(performance.now())
      })
      observer.observe(card, { attributeFilter: ['data-status'] })
    })
    const bytes = frame('kyc-file', event + 2, { externalUserId: USER, status: status(event), receivedAt: now })
    const began = performance.now()
    line?.enqueue(bytes)
    measured.push((await changed) - began)
    await nextTask()
  }
  client.close()
  return measured
}

/** A page that waits for an answer that does not come. */
async function wait(url: string, token: string, user: string): Promise<void> {
  const client = createKycStatusClient({ url, getToken: () => token })
  mount(
    <KycStatusProvider client={client}>
      <KycUploadStatus externalUserId={user} slowAfter={1000} verySlowAfter={2000} />
    </KycStatusProvider>,
  )
  await client.beginUpload(user)
}

export const page = { renders, latencies, wait }
declare global {
  interface Window {
    bench: typeof page
  }
}
window.bench = page
