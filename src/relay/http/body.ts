import type { Bytes } from '../streams/wire.ts'
import { Deadlines } from './deadlines.ts'
import type { Incoming } from './incoming.ts'
import { Problem, SenderGone } from './problem.ts'

/** How long a body may take to arrive, in milliseconds. */
export const BODY_TIMEOUT = 10_000

/**
 * Reads a body. It is refused while it arrives once it is too long or takes too long, and nothing is buffered beyond the
 * limit.
 */
export async function readBody(incoming: Incoming, maxBytes: number): Promise<Bytes> {
  if (Number(incoming.header('content-length')) > maxBytes) throw tooLarge(maxBytes)
  const bytes = (await incoming.arrived()) ?? (await readBytes(incoming, maxBytes))
  if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes)
  return bytes
}

/** The text of a body. */
export function toText(bytes: Bytes): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw notJson()
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** RFC 8259, 8.1: parsers "MAY ignore the presence of a byte order mark rather than treating it as an error". */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    throw notJson()
  }
}

function notJson(): Problem {
  return new Problem(400, 'The body is not JSON in UTF-8.')
}

/** RFC 8259, 11 defines no parameter for this type, and others do no harm; but a charset that is not UTF-8 would. Many write `utf8`. */
export function refuseOtherTypes(incoming: Incoming): void {
  const contentType = incoming.header('content-type') ?? ''
  if (contentType === 'application/json' && incoming.header('content-encoding') === null) return
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  const charset = parameters.find((parameter) => /^\s*charset\s*=/.test(parameter))
  const isUtf8 = charset === undefined || /^[^=]*=\s*"?utf-?8"?\s*$/.test(charset)
  if (type.trim() !== 'application/json' || !isUtf8) {
    throw new Problem(415, 'Expected Content-Type: application/json.', { headers: { accept: 'application/json' } })
  }
  if ((incoming.header('content-encoding') ?? 'identity').toLowerCase() !== 'identity') {
    throw new Problem(415, 'Expected a body without Content-Encoding.', { headers: { 'accept-encoding': 'identity' } })
  }
}

/** One timer for all bodies that are on their way. */
const deadlines = new Deadlines()

function readBytes(incoming: Incoming, maxBytes: number): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    const chunks: Bytes[] = []
    let length = 0
    const refuse = (problem: Problem) => {
      deadlines.delete(due)
      stop()
      reject(problem)
    }
    const due = { deadline: { at: Date.now() + BODY_TIMEOUT }, expire: () => refuse(tooSlow()) }
    const stop = incoming.read({
      chunk(bytes) {
        length += bytes.byteLength
        if (length > maxBytes) refuse(tooLarge(maxBytes))
        else chunks.push(bytes)
      },
      end() {
        deadlines.delete(due)
        resolve(concat(chunks, length))
      },
      broken: () => refuse(new SenderGone('The body broke off.')),
    })
    deadlines.add(due)
  })
}

export function concat(chunks: readonly Bytes[], length: number): Bytes {
  const [only] = chunks
  if (only && chunks.length === 1) return only
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

function tooLarge(maxBytes: number): Problem {
  return new Problem(413, `Expected a body of at most ${maxBytes} bytes.`)
}

function tooSlow(): Problem {
  return new Problem(408, `Expected the whole body within ${BODY_TIMEOUT / 1000} seconds.`, {
    headers: { connection: 'close' },
  })
}
