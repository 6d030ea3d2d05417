import { type IncomingHttpHeaders, request } from 'node:http'
import { createParser, type EventSourceMessage } from 'eventsource-parser'

/** How long something that should happen at once may take, in milliseconds. */
const PATIENCE = 5000

/** A stream that is being read, through a parser that is not the relay's. */
export interface Stream {
  status: number
  headers: IncomingHttpHeaders
  /** The bytes as they came, for rules about bytes. */
  bytes(): Buffer
  retries: number[]
  comments: string[]
  /** The next event. */
  next(): Promise<EventSourceMessage>
  /** The next so many events. */
  take(count: number): Promise<EventSourceMessage[]>
  /** All events up to the next `sync`, and that. */
  untilSync(): Promise<{ events: EventSourceMessage[]; sync: EventSourceMessage }>
  /** Resolves when a comment comes. */
  comment(within: number): Promise<void>
  /** Resolves when the stream is over: whether its last chunk said so, and the events that nobody has asked for. */
  ended: Promise<{ isClean: boolean; left: EventSourceMessage[] }>
  close(): void
}

export function openStream(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = []
      const events: EventSourceMessage[] = []
      const retries: number[] = []
      const comments: string[] = []
      // Told of each chunk, and of the end.
      let heard = () => {}
      let isOver = false
      const parser = createParser({
        onEvent: (event) => events.push(event),
        onRetry: (ms) => retries.push(ms),
        onComment: (comment) => comments.push(comment),
      })
      const decoder = new TextDecoder()
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        parser.feed(decoder.decode(chunk, { stream: true }))
        heard()
      })
      const ended = new Promise<{ isClean: boolean; left: EventSourceMessage[] }>((end) => {
        response
          .on('error', () => {})
          .on('close', () => {
            isOver = true
            heard()
            end({ isClean: response.complete, left: events })
          })
      })
      const until = (isDone: () => boolean, within: number, awaited: string) =>
        new Promise<void>((done, failed) => {
          const late = setTimeout(() => failed(new Error(`${awaited} did not come within ${within / 1000} s`)), within)
          heard = () => {
            if (!isDone() && !isOver) return
            clearTimeout(late)
            if (isDone()) done()
            else failed(new Error(`the stream ended before ${awaited} came`))
          }
          heard()
        })
      const next = async () => {
        await until(() => events.length > 0, PATIENCE, 'an event')
        return events.shift() as EventSourceMessage
      }
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        bytes: () => Buffer.concat(chunks),
        retries,
        comments,
        next,
        async take(count) {
          const taken: EventSourceMessage[] = []
          while (taken.length < count) taken.push(await next())
          return taken
        },
        async untilSync() {
          const before: EventSourceMessage[] = []
          for (;;) {
            const event = await next()
            if (event.event === 'sync') return { events: before, sync: event }
            before.push(event)
          }
        },
        comment: (within) => until(() => comments.length > 0, within, 'a comment'),
        ended,
        close: () => outgoing.destroy(),
      })
    })
    outgoing.on('error', reject).end()
  })
}
