import { connect, type Socket } from 'node:net'

/** Connections of one address of ours: an address has some 28,000 ports to connect from, and a port rests after its use. */
const PER_ADDRESS = 1000

/** The `i`th connection's own address. All of 127.0.0.0/8 is this machine. */
export function sourceOf(i: number): string {
  const address = 2 + Math.floor(i / PER_ADDRESS)
  return `127.0.${Math.floor(address / 256)}.${address % 256}`
}

// What came is read before the next read, so that all connections can share one buffer.
const buffer = Buffer.allocUnsafe(65_536)

/** Connects, and hands on what comes as text, with nothing between it and the kernel that costs. */
export function open(
  { port, index }: { port: number; index: number },
  { connected, read, closed }: { connected(): void; read(text: string): void; closed(): void },
): Socket {
  const socket = connect({
    port,
    host: '127.0.0.1',
    localAddress: sourceOf(index),
    noDelay: true,
    onread: {
      buffer,
      callback: (length) => {
        read(buffer.toString('latin1', 0, length))
        return true
      },
    },
  })
  // It is closed after an error, and that is all that matters here.
  socket.on('error', () => {})
  return socket.once('connect', connected).once('close', closed)
}
