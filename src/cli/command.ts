import { type ParseArgsConfig, parseArgs } from 'node:util'
import { parseDuration } from '../relay/access/duration.ts'

/** One command of the command line. */
export interface Command {
  /** What `--help` prints. */
  help: string
  run(args: string[]): Promise<void>
}

/** The command was called wrongly: it is told in one line, and the process exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The command was called rightly, and what it was asked for can't be done: one line, and the process exits with 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Reads the options of a command; anything it does not know is wrong use. */
export function readOptions<const T extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? (/^[^.\n]*/.exec(error.message)?.[0] ?? '') : String(error))
  }
}

export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new UsageError(`${option} is missing`)
  return value
}

/** A secret of the environment. One that comes from a file has a line end, which is no part of it. */
export function readSecret(name: string): string {
  return (process.env[name] ?? '').replace(/[\r\n]+$/, '')
}

/** The tokens that a variable has, separated by commas. */
export function readTokens(name: string): string[] {
  return readSecret(name)
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '')
}

export function readCount(option: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new UsageError(`${option}: expected a whole number of 1 or more`)
  return Number(value)
}

/** A duration in milliseconds. */
export function readDuration(option: string, value: string): number {
  const seconds = parseDuration(value)
  if (seconds === null) throw new UsageError(`${option}: expected 90s, 10m, 12h or 1d`)
  return seconds * 1000
}

export function readPort(value: string): number {
  const port = Number(value)
  if (!/^\d+$/.test(value) || port > 65_535) throw new UsageError('--port: expected a number from 0 to 65535')
  return port
}
