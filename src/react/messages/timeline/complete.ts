import { en } from './en.ts'
import type { KycTimelineMessageOverrides, KycTimelineMessages } from './messages.ts'

/** Fills in from English whatever is missing or is no text, so that no catalogue can make a page fail. Later ones win. */
export function completeTimelineMessages(
  ...overrides: readonly (KycTimelineMessageOverrides | undefined)[]
): KycTimelineMessages {
  return overrides.reduce<KycTimelineMessages>(fill, en)
}

/** Keeps what is given beside the base: the texts of steps and reasons that only the application knows. */
function fill<T extends object>(base: T, given: unknown): T {
  if (!isRecord(given)) return base
  const filled = Object.entries({ ...given, ...base }).map(([key, value]) => {
    const own = Object.entries(given).find(([name]) => name === key)?.[1]
    if (isRecord(value)) return [key, fill(key in base ? value : {}, own)]
    return [key, typeof own === 'string' ? own : value]
  })
  return Object.fromEntries(filled.filter(([, value]) => typeof value === 'string' || isRecord(value)))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
