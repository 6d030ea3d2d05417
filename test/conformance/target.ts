import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { openRaw, type RawConnection } from './raw.ts'
import type { Settings } from './settings.ts'
import { openStream, type Stream } from './stream.ts'
import { claims, sign } from './token.ts'

export const WEBHOOK_PATH = '/webhook/kyc-files/status'

export const BALANCE_PATH = '/webhook/user/status'

export interface KycFile {
  externalUserId: string
  status: 'ADDED' | 'ERROR'
}

/** The relay under test, as one check sees it. What the check opens, or is about to open, is closed with it. */
export class Target {
  readonly settings: Settings
  readonly secret: Uint8Array
  readonly #base: string
  readonly #closed = new AbortController()

  constructor(url: string, settings: Settings) {
    this.settings = settings
    this.secret = new TextEncoder().encode(settings.subscriptionSecret)
    this.#base = new URL(url).origin + settings.basePath
    setMaxListeners(0, this.#closed.signal)
  }

  /** A user of the check's own, so that checks don't meet and can be repeated. */
  user(): string {
    return randomUUID()
  }

  url(path: string): URL {
    return new URL(this.#base + path)
  }

  eventsPath(externalUserId: string): string {
    return `/events/${encodeURIComponent(externalUserId)}`
  }

  /** The path of a route as it stands in a request line. */
  path(path: string): string {
    return this.settings.basePath + path
  }

  get host(): string {
    return new URL(this.#base).host
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url(path), { redirect: 'manual', signal: this.#closed.signal, ...init })
  }

  /** Posts a webhook with the right token; text and bytes go out as they are. */
  post(body: unknown, headers: Record<string, string> = {}, path = WEBHOOK_PATH): Promise<Response> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream
    return this.fetch(path, {
      method: 'POST',
      headers: { authorization: this.settings.webhookToken, 'content-type': 'application/json', ...headers },
      body: isRaw ? (body as BodyInit) : JSON.stringify(body),
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    } as RequestInit)
  }

  /** Delivers a webhook that has to be accepted. */
  async deliver(externalUserId: string, status: KycFile['status'] = 'ADDED'): Promise<void> {
    const response = await this.post({ externalUserId, status })
    if (response.status !== 200) throw new Error(`a webhook was answered with ${response.status}, not with 200`)
  }

  /** Delivers several, one after the other. */
  async deliverAll(externalUserId: string, statuses: readonly KycFile['status'][]): Promise<void> {
    for (const status of statuses) await this.deliver(externalUserId, status)
  }

  token(externalUserId: string, changes?: Record<string, unknown>): Promise<string> {
    return sign(claims(externalUserId, changes), this.secret)
  }

  /** Asks for a user's events with a good token, whatever the answer. */
  async events(externalUserId: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(this.eventsPath(externalUserId), {
      headers: { authorization: `Bearer ${await this.token(externalUserId)}`, ...headers },
    })
  }

  open(externalUserId: string, headers: Record<string, string> = {}): Promise<Stream> {
    const opening = this.#open(externalUserId, headers)
    // A check that has failed waits no more for what it was about to open.
    opening.catch(() => {})
    return opening
  }

  async #open(externalUserId: string, headers: Record<string, string>): Promise<Stream> {
    const authorization = `Bearer ${await this.token(externalUserId)}`
    return openStream(
      this.url(this.eventsPath(externalUserId)),
      { accept: 'text/event-stream', authorization, ...headers },
      this.#closed.signal,
    )
  }

  resume(externalUserId: string, cursor: string | undefined): Promise<Stream> {
    return this.open(externalUserId, { 'last-event-id': cursor ?? '' })
  }

  async snapshot(externalUserId: string): Promise<Snapshot> {
    const response = await this.events(externalUserId, { accept: 'application/json' })
    if (response.status !== 200) throw new Error(`a snapshot was answered with ${response.status}, not with 200`)
    return (await response.json()) as Snapshot
  }

  raw(): Promise<RawConnection> {
    return openRaw(new URL(this.#base), this.#closed.signal)
  }

  close(): void {
    this.#closed.abort()
  }
}

/** What a snapshot holds, as the checks read it; its shape is what one of them checks. */
export interface Snapshot {
  cursor: string
  now: string
  events: {
    id: string
    event: string
    data: { externalUserId: string; status: string; state?: string; receivedAt: string }
  }[]
}
