/** A `fetch` that tells what goes over the line, as it goes: what is asked, how that is answered, and each frame of a stream. */
export function tapped(fetch: typeof globalThis.fetch, tell: (line: string) => void): typeof fetch {
  return async (input, init) => {
    const { url, method, headers } = new Request(input, init)
    const resumed = headers.get('last-event-id')
    tell(`> ${method} ${new URL(url).pathname}${resumed === null ? '' : `\nLast-Event-ID: ${resumed}`}`)
    try {
      const response = await fetch(input, init)
      tell(`< ${response.status}`)
      return new Response(response.body?.pipeThrough(told(tell)) ?? null, response)
    } catch (error) {
      tell('< no answer')
      throw error
    }
  }
}

function told(tell: (line: string) => void): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const decoder = new TextDecoder()
  return new TransformStream({
    transform(chunk, controller) {
      for (const frame of decoder.decode(chunk).trimEnd().split('\n\n')) tell(`< ${frame}`)
      controller.enqueue(chunk)
    },
  })
}
