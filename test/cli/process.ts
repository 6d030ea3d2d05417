import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
export const secrets = {
  KYC_WEBHOOK_TOKENS: 'first-token, second-token',
  KYC_SUBSCRIPTION_SECRET: 'a secret of at least thirty-two bytes',
}
type Environment = Record<string, string>

const environment = (extra: Environment) => {
  const {
    KYC_WEBHOOK_TOKENS: _,
    KYC_SUBSCRIPTION_SECRET: __,
    KYC_STORE: ___,
    KYC_ADMIN_TOKENS: ____,
    ...inherited
  } = process.env
  return { ...inherited, ...extra }
}

/** Runs a command of the built package to its end. */
export async function run(
  args: string[],
  env: Environment = {},
  through: readonly string[] = [],
  runtime: readonly string[] = [process.execPath],
) {
  const [command = '', ...rest] = [...through, ...runtime, main, ...args]
  const child = spawn(command, rest, { env: environment(env) })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const [code] = await once(child, 'close')
  return { code: code as number, ...output }
}

export interface Running {
  process: ChildProcess
  url: string
  /** All lines that were printed up to one that matches. */
  printed(pattern: RegExp): Promise<string>
  /** The same of its standard error. */
  logged(pattern: RegExp): Promise<string>
  /** Ends it; resolves with its exit code, or the signal that ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | string>
}

function linesOf(input: NodeJS.ReadableStream) {
  const lines: string[] = []
  const reader = createInterface({ input }).on('line', (line) => lines.push(line))
  return async (pattern: RegExp) => {
    while (!pattern.test(lines.join('\n'))) await once(reader, 'line')
    return lines.join('\n')
  }
}

/**
 * Starts a command, and does not wait for anything.
 *
 * @param through - a command that runs it with less than it would have: `['setpriv', …]`.
 * @param runtime - what it runs on: `['bun']`, for example.
 */
export function launch(
  args: string[],
  env: Environment = {},
  through: readonly string[] = [],
  runtime: readonly string[] = [process.execPath],
) {
  const [command = '', ...rest] = [...through, ...runtime, main, ...args]
  const child = spawn(command, rest, { env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Starts a command that listens, and waits until it says where. */
export async function start(
  args: string[],
  env: Environment = {},
  through: readonly string[] = [],
  runtime: readonly string[] = [process.execPath],
): Promise<Running> {
  const child = launch(args, env, through, runtime)
  const exited = once(child, 'exit')
  const printed = linesOf(child.stdout)
  const logged = linesOf(child.stderr)
  const url = /http:\/\/\S+/.exec(await printed(/http:\/\/\S+/))?.[0] ?? ''
  return {
    process: child,
    url,
    printed,
    logged,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const [code, endedBy] = await exited
      return code ?? endedBy
    },
  }
}
