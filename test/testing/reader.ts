/** Reads an answer's text as it comes. */
export interface Reader {
  /** All that has come since the last call, once it has so many `sync` frames and events. */
  frames(count: number): Promise<string>
  /** The rest, once the stream has ended cleanly; rejects with why it broke. */
  rest(): Promise<string>
  cancel(): Promise<void>
}

export function readerOf(response: Response): Reader {
  if (!response.body) throw new Error('expected a body')
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  return {
    async frames(count) {
      while ((text.match(/^data: /gm)?.length ?? 0) < count || !text.endsWith('\n\n')) {
        const { done, value } = await reader.read()
        if (done) throw new Error(`the stream has ended after: ${text}`)
        text += decoder.decode(value, { stream: true })
      }
      const seen = text
      text = ''
      return seen
    },
    async rest() {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return text
        text += decoder.decode(value, { stream: true })
      }
    },
    cancel: () => reader.cancel(),
  }
}

/** What a stream's text says, in short: `ADDED`, `ERROR`, `sync complete`, `sync incomplete`. */
export function said(text: string): string[] {
  return [...text.matchAll(/^event: (\S+)\nid: \S+\ndata: (.+)$/gm)].map(([, event, data = '']) => {
    const { status, complete } = JSON.parse(data)
    return event === 'sync' ? `sync ${complete ? 'complete' : 'incomplete'}` : status
  })
}

/** The id of the last frame. */
export function lastIdOf(text: string): string {
  return [...text.matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? ''
}
