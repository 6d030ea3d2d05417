import type { KycPluralMessage } from './messages.ts'

export type Values = Record<string, string | number>

/** Puts values into a text, and writes numbers as the language does. Unknown names stay as they are. */
export function format(message: string | KycPluralMessage, values: Values, locale: string): string {
  const text = typeof message === 'string' ? message : choose(message, Number(values.count), locale)
  const known = new Map(Object.entries(values))
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = known.get(name)
    return typeof value === 'number' ? formatNumber(value, locale) : (value ?? placeholder)
  })
}

function choose(message: KycPluralMessage, count: number, locale: string): string {
  const category = inLocale(locale, (known) => new Intl.PluralRules(known).select(count))
  return message[category] ?? message.other
}

export function formatNumber(value: number, locale: string): string {
  return inLocale(locale, (known) => new Intl.NumberFormat(known).format(value))
}

/** Hours and minutes, by the clock of the device. `time` is in milliseconds since the epoch. */
export function formatTime(time: number, locale: string): string {
  return inLocale(locale, (known) =>
    new Intl.DateTimeFormat(known, { hour: '2-digit', minute: '2-digit' }).format(time),
  )
}

/**
 * The day and the time, by the clock of the device; `time` is ISO 8601, and text that is no time is left out.
 *
 * @param timeZone - the zone of another clock than the device's.
 */
export function formatDate(time: string, locale: string, timeZone?: string): string | null {
  const at = Date.parse(time)
  if (Number.isNaN(at)) return null
  const style = { dateStyle: 'medium', timeStyle: 'short', ...(timeZone && { timeZone }) } as const
  return inLocale(locale, (known) => new Intl.DateTimeFormat(known, style).format(at))
}

/** Megabytes of a million bytes each, or, below one, kilobytes. */
export function formatSize(bytes: number, locale: string): string {
  const [unit, size] = bytes < 1_000_000 ? (['kilobyte', 1000] as const) : (['megabyte', 1_000_000] as const)
  return inLocale(locale, (known) => {
    const style = { style: 'unit', unit, maximumFractionDigits: 1 } as const
    // Rounded down: a person must not read a limit that is higher than the real one.
    return new Intl.NumberFormat(known, style).format(Math.max(Math.floor((bytes / size) * 10) / 10, 0.1))
  })
}

/** "JPEG, PNG or PDF". */
export function formatChoice(choices: readonly string[], locale: string): string {
  return inLocale(locale, (known) => new Intl.ListFormat(known, { type: 'disjunction' }).format(choices))
}

/** `Intl` throws for an unknown language, and a mistake in a catalogue must not make a page fail. */
function inLocale<T>(locale: string, use: (locale: string) => T): T {
  try {
    return use(locale)
  } catch {
    return use('en')
  }
}
