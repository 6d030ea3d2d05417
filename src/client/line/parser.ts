import { KycStatusError } from '../errors.ts'

/** A message of an event stream. */
export interface StreamMessage {
  /** The name of its `event` field, or `message`. */
  type: string
  data: string
  /** The last event id of the stream so far. */
  lastEventId: string
}

/** What a stream says: a message, where it is now, or how many milliseconds to wait before the next request. */
export type Parsed = { message: StreamMessage } | { lastEventId: string } | { retry: number }

/**
 * Reads an event stream piece by piece, by the HTML standard, 9.2.6, which is quoted here. A piece is read while its result is
 * iterated over, and the next one after that.
 *
 * @param lastEventId - where the stream resumes.
 * @param maxEventBytes - the longest event; a longer one throws, after what came before it, so that a line without an end
 * can't take all memory.
 */
export function createParser(lastEventId: string, maxEventBytes: number): (bytes: Uint8Array) => Iterable<Parsed> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let isStart = true
  let position = lastEventId
  /** A line whose end has not come yet. */
  let line = ''
  let isAfterCr = false
  let type = ''
  let data = ''
  let id: string | null = null

  /** Says what the end of a line brings. */
  function* readLine(text: string): Generator<Parsed, void> {
    if (text === '') {
      // "Set the last event ID string of the event source to the value of the last event ID buffer." Then: "If the data buffer
      // is an empty string, set the data buffer and the event type buffer to the empty string and return."
      position = id ?? position
      if (id !== null) yield { lastEventId: position }
      // "If the data buffer's last character is a U+000A LINE FEED (LF) character, then remove the last character"
      const message = { type: type || 'message', data: data.slice(0, -1), lastEventId: position }
      if (data !== '') yield { message }
      type = ''
      data = ''
      id = null
    }
    // A line that starts with a colon has a field without a name, which "is ignored" as a comment is.
    const [field, value = ''] = text.split(/:(.*)/s)
    const rest = value.replace(/^ /, '')
    if (field === 'event') type = rest
    // "Append the field value to the data buffer, then append a single U+000A LINE FEED (LF) character"
    if (field === 'data') data += `${rest}\n`
    // "If the field value does not contain U+0000 NULL"
    if (field === 'id' && !rest.includes('\0')) id = rest
    // "If the field value consists of only ASCII digits"
    if (field === 'retry' && /^\d+$/.test(rest)) yield { retry: Number(rest) }
  }

  return function* (bytes) {
    let text = decoder.decode(bytes, { stream: true })
    if (text === '') return
    // "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any." Some decoders miss one that is cut.
    if (isStart) text = text.replace(/^\ufeff/, '')
    isStart = false
    // "a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair", which may come in two pieces
    const ends = (isAfterCr ? text.replace(/^\n/, '') : text).split(/\r\n?|\n/)
    isAfterCr = text.endsWith('\r')
    const unfinished = ends.pop() ?? ''
    for (const end of ends) {
      lengthen(end)
      yield* readLine(line)
      line = ''
    }
    lengthen(unfinished)
  }

  /** Throws if the event is too long then. It counts characters, each of which takes a byte or more. */
  function lengthen(text: string): void {
    line += text
    if (data.length + line.length <= maxEventBytes) return
    throw new KycStatusError('bad_response', `an event is longer than ${maxEventBytes} bytes`)
  }
}
