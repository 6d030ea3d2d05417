import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Answer } from '../load/driver.ts'
import type { Load } from '../load/load.ts'

type Result<Name extends keyof Load> = Awaited<ReturnType<Load[Name]>>

/** The load driver, seen from here. */
export class Driver {
  readonly #process: ChildProcess
  readonly #exited: Promise<unknown>
  readonly #stop: AbortSignal
  readonly #giveUp = () => this.#answer({ error: 'it was stopped' })
  /** What went wrong while nothing was asked. */
  #trouble: string | null = null
  #answer: (answer: Answer) => void

  /** @param stop - nothing is waited for any more once it is aborted. */
  constructor(stop: AbortSignal) {
    this.#answer = (answer) => {
      if ('error' in answer) this.#trouble = answer.error
    }
    const keep = this.#answer
    this.#process = fork(join(import.meta.dirname, '../load/driver.ts'), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#exited = once(this.#process, 'exit').then(() => this.#answer({ error: 'the driver has ended' }))
    stop.addEventListener('abort', this.#giveUp)
    this.#stop = stop
    this.#process.on('message', (answer: Answer) => {
      const settle = this.#answer
      this.#answer = keep
      settle(answer)
    })
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  /** Has it do something, within so many seconds. */
  async ask<Name extends keyof Load>(
    name: Name,
    options: Parameters<Load[Name]>[0],
    within: number,
  ): Promise<Result<Name>> {
    if (this.#trouble !== null) throw new Error(this.#trouble)
    const answered = new Promise<Answer>((resolve) => {
      this.#answer = resolve
    })
    this.#process.send({ name, options })
    const late = setTimeout(() => this.#answer({ error: `${name} was not done after ${within} s` }), within * 1000)
    const answer = await answered
    clearTimeout(late)
    if ('error' in answer) throw new Error(answer.error)
    return answer.result as Result<Name>
  }

  async end(): Promise<void> {
    this.#stop.removeEventListener('abort', this.#giveUp)
    this.#process.kill('SIGKILL')
    await this.#exited
  }
}
