import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Command {
  file: string
  args: readonly string[]
  env?: Readonly<Record<string, string>>
}

const START_TIMEOUT = 20_000
const STOP_TIMEOUT = 10_000

const running = new Set<Child>()

/** A process that never outlives this one, nor do those that it starts. */
export class Child {
  readonly pid: number
  readonly #process: ChildProcess
  readonly #exited: Promise<void>
  #stderr = ''

  constructor({ file, args, env = {} }: Command) {
    // `--pdeathsig`: it ends with us even where we are killed. Detached: it leads a group, which can be ended as a whole.
    this.#process = spawn('setpriv', ['--pdeathsig', 'TERM', '--', file, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    })
    this.#process.on('error', () => {})
    if (this.#process.pid === undefined) throw new Error('setpriv, of util-linux, is not there')
    this.pid = this.#process.pid
    running.add(this)
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-2000)
    })
    this.#exited = new Promise((resolve) => {
      this.#process.once('exit', () => {
        running.delete(this)
        resolve()
      })
    })
  }

  get isRunning(): boolean {
    return running.has(this)
  }

  /** What it has complained of lately. */
  get complaint(): string {
    return this.#stderr.trim()
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) process.kill(this.pid, signal)
  }

  /** Ends it, and all that it has started. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    this.signal(signal)
    const late = setTimeout(() => this.kill(), STOP_TIMEOUT)
    await this.#exited
    clearTimeout(late)
  }

  kill(): void {
    if (this.isRunning) process.kill(-this.pid, 'SIGKILL')
  }

  /** Resolves when somebody listens on the port. */
  async listening(port: number): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT
    while (!(await answers(port))) {
      if (!this.isRunning) throw new Error(`it has ended before it listened: ${this.complaint}`)
      if (performance.now() > deadline) throw new Error(`it does not listen after ${START_TIMEOUT / 1000} s`)
      await sleep(20)
    }
  }
}

/** Ends all that was started here and runs still. */
export function killAll(): void {
  for (const child of running) child.kill()
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.resetAndDestroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
