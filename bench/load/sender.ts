import type { Socket } from 'node:net'
import { ResponseParser } from './response-parser.ts'
import { open } from './socket.ts'

export interface SenderTarget {
  port: number
  index: number
  token: string
}

/** Sends webhooks one after the other on a connection that is kept, as a provider does. */
export class Sender {
  readonly #target: SenderTarget
  #socket: Socket | null = null
  #isConnected = false
  #request = ''
  #settle: ((status: number | null) => void) | null = null

  constructor(target: SenderTarget) {
    this.#target = target
  }

  /** Calls back with the status of the answer; `null` if there was none. */
  send(path: string, body: string, settled: (status: number | null) => void): void {
    this.#settle = settled
    this.#request = `POST ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: ${this.#target.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    if (!this.#socket) this.#connect()
    else if (this.#isConnected) this.#socket.write(this.#request)
  }

  close(): void {
    this.#settle = null
    this.#socket?.resetAndDestroy()
  }

  #connect(): void {
    let status = 0
    let isLast = false
    const responses = new ResponseParser({
      head(code, headers) {
        status = code
        isLast = headers.includes('\r\nconnection: close')
      },
      body() {},
      end: () => {
        if (isLast) this.#forget(socket)
        this.#answer(status)
      },
    })
    const socket = open(this.#target, {
      connected: () => {
        this.#isConnected = true
        if (this.#settle) socket.write(this.#request)
      },
      read: (text) => responses.push(text),
      closed: () => {
        if (this.#socket !== socket) return
        this.#forget(socket)
        this.#answer(null)
      },
    })
    this.#socket = socket
  }

  #forget(socket: Socket): void {
    this.#socket = null
    this.#isConnected = false
    socket.destroy()
  }

  #answer(status: number | null): void {
    const settle = this.#settle
    this.#settle = null
    settle?.(status)
  }
}
