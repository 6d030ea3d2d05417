import type { Socket } from 'node:net'
import { EventReader } from './event-reader.ts'
import { ResponseParser } from './response-parser.ts'
import { open } from './socket.ts'

/** What a stream has to bring before it counts as open. */
export type OpenMark = 'headers' | 'sync'

export interface StreamTarget {
  port: number
  index: number
  user: string
  token: string
  mark: OpenMark
}

export interface StreamHandler {
  opened(): void
  /** An event about this stream's own user. */
  told(): void
  /** The connection is gone, or the answer was no stream. */
  closed(status: number | null): void
}

/** One user's stream, once: it does not come back by itself. */
export class EventStream {
  readonly #target: StreamTarget
  readonly #handler: StreamHandler
  readonly #socket: Socket
  readonly #events: EventReader
  #status: number | null = null
  #isOpen = false

  constructor(target: StreamTarget, lastEventId: string, handler: StreamHandler) {
    this.#target = target
    this.#handler = handler
    this.#events = new EventReader(lastEventId, ({ event, data }) => {
      if (event === 'sync') this.#reached('sync')
      else if (data.includes(target.user)) handler.told()
    })
    const responses = new ResponseParser({
      head: (status) => {
        this.#status = status
        if (status === 200) this.#reached('headers')
        else this.#socket.destroy()
      },
      body: (text) => this.#events.feed(text),
      end: () => this.#socket.destroy(),
    })
    this.#socket = open(target, {
      connected: () => this.#request(),
      read: (text) => responses.push(text),
      closed: () => handler.closed(this.#status),
    })
  }

  /** Where its user would come back to. */
  get lastEventId(): string {
    return this.#events.lastEventId
  }

  /** With a reset, after which no port has to rest. */
  close(): void {
    this.#socket.removeAllListeners('close')
    this.#socket.resetAndDestroy()
  }

  #request(): void {
    const { user, token } = this.#target
    const { lastEventId } = this
    const resumed = lastEventId === '' ? '' : `Last-Event-ID: ${lastEventId}\r\n`
    this.#socket.write(
      `GET /events/${user} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${token}\r\n${resumed}\r\n`,
    )
  }

  #reached(mark: OpenMark): void {
    if (mark !== this.#target.mark || this.#isOpen) return
    this.#isOpen = true
    this.#handler.opened()
  }
}
