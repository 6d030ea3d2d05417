import { en } from './en.ts'
import type { KycMessageOverrides, KycMessages } from './messages.ts'

/** Fills in from English whatever is missing or is no text, so that no catalogue can make a page fail. Later ones win. */
export function completeMessages(...overrides: readonly (KycMessageOverrides | undefined)[]): KycMessages {
  return overrides.reduce<KycMessages>(fill, en)
}

function fill<T extends object>(base: T, given: unknown): T {
  if (!isRecord(given)) return base
  const entries = Object.entries(base).map(([key, value]) => {
    const own = given[key]
    if (isRecord(value)) return [key, 'other' in value ? plural(value, own) : fill(value, own)]
    return [key, typeof own === typeof value ? own : value]
  })
  return Object.fromEntries(entries)
}

/** Plural categories belong to one language: they are taken together, or not at all. */
function plural(base: object, given: unknown): object {
  if (!isRecord(given) || !Object.values(given).every((text) => typeof text === 'string')) return base
  return 'other' in given ? given : { ...base, ...given }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
