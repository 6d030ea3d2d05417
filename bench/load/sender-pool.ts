import { Sender, type SenderTarget } from './sender.ts'

type Job = (sender: Sender) => void

/** Connections for webhooks. Each takes its turn, so that none is idle for long; where none is free, webhooks queue. */
export class SenderPool {
  readonly #senders: readonly Sender[]
  readonly #idle: Sender[]
  readonly #queue: Job[] = []

  constructor(size: number, target: Omit<SenderTarget, 'index'>) {
    this.#senders = Array.from({ length: size }, (_, index) => new Sender({ ...target, index }))
    this.#idle = [...this.#senders]
  }

  send(path: string, body: string, settled: (status: number | null) => void): void {
    const job: Job = (sender) =>
      sender.send(path, body, (status) => {
        const next = this.#queue.shift()
        if (next) next(sender)
        else this.#idle.push(sender)
        settled(status)
      })
    const sender = this.#idle.shift()
    if (sender) job(sender)
    else this.#queue.push(job)
  }

  close(): void {
    for (const sender of this.#senders) sender.close()
  }
}
