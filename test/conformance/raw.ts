import { once } from 'node:events'
import { connect, type NetConnectOpts } from 'node:net'
import { fail } from './check.ts'

/** A connection on which bytes go out and come in as they stand. */
export interface RawConnection {
  write(bytes: string | Uint8Array): void
  /** Everything received so far. */
  received(): string
  /** The statuses of the answers that have begun so far, in their order. */
  statuses(): number[]
  /** Resolves when so many answers have begun, or when the relay has closed the connection. */
  answered(count: number, within?: number): Promise<void>
  /** Resolves when the relay has closed the connection. */
  closed(within?: number): Promise<void>
  /** Whether it has. */
  isClosed(): boolean
  close(): void
}

export async function openRaw(url: URL, signal: AbortSignal): Promise<RawConnection> {
  const address = { port: Number(url.port || 80), host: url.hostname.replace(/^\[|\]$/g, '') }
  const socket = connect({ ...address, signal } as NetConnectOpts).setEncoding('utf8')
  await once(socket, 'connect')
  let text = ''
  let isOver = false
  let heard = () => {}
  const over = () => {
    isOver = true
    heard()
  }
  socket
    .on('data', (chunk: string) => {
      text += chunk
      heard()
    })
    .on('end', over)
    .on('close', over)
    // A reset is one way to close; what had come before it is what counts.
    .on('error', () => {})

  // Anywhere, not at the beginning of lines alone: a body before it ends as it likes.
  const statuses = () => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
  const until = async (isDone: () => boolean, within: number, expected: string) => {
    let late: ReturnType<typeof setTimeout> | undefined
    const isInTime = await new Promise<boolean>((resolve) => {
      late = setTimeout(() => resolve(false), within)
      heard = () => isDone() && resolve(true)
      heard()
    })
    clearTimeout(late)
    if (!isInTime) fail(expected, text.slice(0, 200) || 'nothing', `what had come within ${within / 1000} s`)
  }
  return {
    write: (bytes) => void socket.write(bytes),
    received: () => text,
    statuses,
    answered: (count, within = 5000) => until(() => isOver || statuses().length >= count, within, `${count} answers`),
    closed: (within = 5000) => until(() => isOver, within, 'a closed connection'),
    isClosed: () => isOver,
    close: () => void socket.destroy(),
  }
}

/** The head of a request, with the line ends that HTTP wants. */
export function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}
