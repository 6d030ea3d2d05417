/** What a parser tells of the responses on a connection, in their order. */
export interface ResponseHandler {
  head(status: number, headers: string): void
  body(text: string): void
  end(): void
}

type State = 'head' | 'body' | 'chunk size' | 'chunk' | 'trailer'

/**
 * Reads HTTP/1.1 responses as they come, as little of them as a load driver needs: much less work than `node:http`, so that
 * the driver is not what is measured. Bytes are taken for Latin-1, which is right for ASCII.
 */
export class ResponseParser {
  readonly #handler: ResponseHandler
  #state: State = 'head'
  #text = ''
  /** Bytes of the body, or of its chunk, that are still to come; infinite where the end of the connection ends it. */
  #left = 0

  constructor(handler: ResponseHandler) {
    this.#handler = handler
  }

  push(text: string): void {
    this.#text += text
    while (this.#step()) {
      // each step takes something off the text
    }
  }

  /** Returns whether there may be more to read in what has come. */
  #step(): boolean {
    switch (this.#state) {
      case 'head':
        return this.#head()
      case 'body':
        return this.#content('head')
      case 'chunk size':
        return this.#chunkSize()
      case 'chunk':
        return this.#content('chunk size')
      case 'trailer':
        return this.#trailer()
    }
  }

  #head(): boolean {
    const headers = this.#until('\r\n\r\n')
    if (headers === null) return false
    const status = Number(headers.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
    const lower = headers.toLowerCase()
    this.#handler.head(status, lower)
    const length = /\r\ncontent-length: *(\d+)/.exec(lower)?.[1]
    if (/\r\ntransfer-encoding: *chunked/.test(lower)) this.#state = 'chunk size'
    else if (length === undefined && status !== 204) this.#begin('body', Number.POSITIVE_INFINITY)
    else if (Number(length ?? 0) > 0) this.#begin('body', Number(length))
    else this.#end()
    return true
  }

  #chunkSize(): boolean {
    const line = this.#until('\r\n')
    if (line === null) return false
    // The line end that follows a chunk
    if (line === '') return true
    const size = Number.parseInt(line, 16)
    if (size > 0) this.#begin('chunk', size)
    else this.#state = 'trailer'
    return true
  }

  #trailer(): boolean {
    const line = this.#until('\r\n')
    if (line === '') this.#end()
    return line !== null
  }

  #content(next: State): boolean {
    const part = this.#text.slice(0, this.#left)
    if (part === '') return false
    this.#text = this.#text.slice(part.length)
    this.#left -= part.length
    this.#handler.body(part)
    if (this.#left > 0) return false
    if (next === 'head') this.#end()
    else this.#state = next
    return true
  }

  #begin(state: State, length: number): void {
    this.#state = state
    this.#left = length
  }

  #end(): void {
    this.#state = 'head'
    this.#handler.end()
  }

  #until(mark: string): string | null {
    const at = this.#text.indexOf(mark)
    if (at < 0) return null
    const text = this.#text.slice(0, at)
    this.#text = this.#text.slice(at + mark.length)
    return text
  }
}
