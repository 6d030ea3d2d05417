export interface StreamEvent {
  event: string
  data: string
}

/**
 * Reads an event stream, with less work than a parser that can read any: lines end in LF here, as those of all contestants
 * do. `lastEventId` is what a client would come back with.
 */
export class EventReader {
  lastEventId: string
  readonly #onEvent: (event: StreamEvent) => void
  #text = ''

  constructor(lastEventId: string, onEvent: (event: StreamEvent) => void) {
    this.lastEventId = lastEventId
    this.#onEvent = onEvent
  }

  feed(text: string): void {
    this.#text += text
    for (;;) {
      const at = this.#text.indexOf('\n\n')
      if (at < 0) return
      this.#block(this.#text.slice(0, at))
      this.#text = this.#text.slice(at + 2)
    }
  }

  #block(block: string): void {
    let event = 'message'
    const data: string[] = []
    for (const line of block.split('\n')) {
      const [, field = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? []
      if (field === 'id') this.lastEventId = value
      else if (field === 'event') event = value
      else if (field === 'data') data.push(value)
    }
    if (data.length > 0) this.#onEvent({ event, data: data.join('\n') })
  }
}
