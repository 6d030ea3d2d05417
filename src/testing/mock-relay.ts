import { isAfter } from '../protocol/event-id.ts'
import { SYNC_FRAME, type Sync } from '../protocol/frames.ts'
import { type KycFileEvent, kycFileWebhook } from '../protocol/webhooks/kyc-file.ts'

/** A relay in the page itself: a `fetch` that speaks the protocol, and the strings to pull. For stories and tests. */
export interface MockRelay {
  /** For `createKycStatusClient({ url, fetch })`. */
  readonly url: string
  readonly fetch: typeof fetch
  /** How many streams are open. */
  readonly connections: number
  /** How many streams have been asked for so far. */
  readonly requests: number
  /** The provider's webhook has come. */
  emit(externalUserId: string, status: KycFileEvent['status']): void
  /** The lines break, as when a network goes away. */
  drop(): void
  /** From now on requests fail as they do without a network, or with this status; `null`: they are served again. */
  refuse(how: 'network' | number | null): void
  /** From now on requests are never answered. */
  hang(): void
}

interface Line {
  externalUserId: string
  controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>
}

let relays = 0

export function createMockRelay(): MockRelay {
  const encoder = new TextEncoder()
  const lines = new Set<Line>()
  const events: { id: string; data: KycFileEvent }[] = []
  // Each has a URL of its own, so that attempts kept in session storage don't meet.
  const url = `http://mock-relay-${++relays}.test`
  let requests = 0
  let n = 0
  let mode: 'serve' | 'hang' | 'network' | number = 'serve'

  function write(line: Line, frame: string, id: string, data: object): void {
    line.controller.enqueue(encoder.encode(`event: ${frame}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`))
  }

  function serve(externalUserId: string, lastEventId: string | null, signal: AbortSignal | null): Response {
    let line: Line | undefined
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        const opened = { externalUserId, controller }
        line = opened
        lines.add(opened)
        signal?.addEventListener('abort', () => {
          if (lines.delete(opened)) controller.error(signal.reason)
        })
        const own = events.filter((event) => event.data.externalUserId === externalUserId)
        const replayed = lastEventId === null ? own.slice(-1) : own.filter((event) => isAfter(event.id, lastEventId))
        for (const { id, data } of replayed) write(opened, kycFileWebhook.frame, id, data)
        const cursor = own.at(-1)?.id ?? nextId()
        const sync: Sync = { cursor, now: new Date().toISOString(), complete: true, heartbeat: 15 }
        write(opened, SYNC_FRAME, cursor, sync)
      },
      cancel() {
        if (line) lines.delete(line)
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }

  function nextId(): string {
    return `${Date.now()}-${n++}`
  }

  return {
    url,
    get connections() {
      return lines.size
    },
    get requests() {
      return requests
    },
    async fetch(input, init) {
      requests++
      const signal = init?.signal ?? null
      signal?.throwIfAborted()
      if (mode === 'network') throw new TypeError('Failed to fetch')
      if (typeof mode === 'number') return new Response(null, { status: mode })
      if (mode === 'hang') {
        return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
      }
      const { pathname } = new URL(input instanceof Request ? input.url : input)
      const externalUserId = decodeURIComponent(pathname.replace(/^\/events\//, ''))
      return serve(externalUserId, new Headers(init?.headers).get('last-event-id'), signal)
    },
    emit(externalUserId, status) {
      const event = { id: nextId(), data: { externalUserId, status, receivedAt: new Date().toISOString() } }
      events.push(event)
      for (const line of lines) {
        if (line.externalUserId === externalUserId) write(line, kycFileWebhook.frame, event.id, event.data)
      }
    },
    drop() {
      for (const { controller } of lines) controller.error(new TypeError('network error'))
      lines.clear()
    },
    refuse(how) {
      mode = how ?? 'serve'
    },
    hang() {
      mode = 'hang'
    },
  }
}
