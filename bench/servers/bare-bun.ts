import './collect.ts'
import { frame, HOST, PORT, STREAM_HEADERS, userOf, type Webhook } from './protocol.ts'

// The floor on Bun: a web-standard handler that checks nothing and keeps nothing.

declare const Bun: {
  serve(options: {
    port: number
    hostname: string
    idleTimeout: number
    fetch(request: Request): Response | Promise<Response>
  }): void
}

type Stream = ReadableStreamDefaultController<Uint8Array>
const streams = new Map<string, Stream>()
const encoder = new TextEncoder()

function open(user: string): Response {
  let own: Stream | undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      own = controller
      streams.set(user, controller)
      // Bun keeps the headers back until there is something to send after them.
      controller.enqueue(encoder.encode(':\n\n'))
    },
    cancel() {
      if (streams.get(user) === own) streams.delete(user)
    },
  })
  return new Response(body, { headers: STREAM_HEADERS })
}

async function take(request: Request): Promise<Response> {
  const { externalUserId, status } = (await request.json()) as Webhook
  streams.get(externalUserId)?.enqueue(encoder.encode(frame(JSON.stringify({ externalUserId, status }))))
  return new Response(null)
}

Bun.serve({
  port: PORT,
  hostname: HOST,
  // Otherwise it ends a stream after ten silent seconds.
  idleTimeout: 0,
  fetch: (request) => (request.method === 'POST' ? take(request) : open(userOf(new URL(request.url).pathname))),
})
