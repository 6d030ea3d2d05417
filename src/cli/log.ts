import { type Logger, silent } from '../relay/telemetry/log.ts'
import { UsageError } from './command.ts'

/** pino's numbers, which log tools know. */
const LEVELS = { debug: 20, info: 30, warn: 40, error: 50, silent: 100 } as const
type Level = keyof typeof LEVELS

/** Writes a JSON line for each entry of `least` and above, in the shape of pino's. */
export function jsonLogger(least: string, write: (line: string) => void): Logger {
  if (!isLevel(least)) throw new UsageError(`--log-level: expected ${Object.keys(LEVELS).join(', ')}`)
  const at = (level: Exclude<Level, 'silent'>) => {
    if (LEVELS[level] < LEVELS[least]) return silent
    return (fields: object, msg: string) =>
      write(JSON.stringify({ level: LEVELS[level], time: Date.now(), ...fields, msg }, serialize))
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function isLevel(text: string): text is Level {
  return Object.hasOwn(LEVELS, text)
}

/** An error has nothing that JSON would show. */
function serialize(_: string, value: unknown): unknown {
  return value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value
}
