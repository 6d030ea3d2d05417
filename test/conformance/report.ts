import { AssertionError } from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Result } from './suite.ts'

/** One line for each check: its topic, its rule, how it went, and how long that took. */
export function table(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ check }) => check.topic.length))
  return results
    .map(({ check, outcome, reason, duration }) => {
      const why = outcome === 'skipped' ? ` (${messageOf(reason)})` : ''
      return `${outcome.padEnd(7)}  ${duration.toFixed(0).padStart(6)} ms  ${check.topic.padEnd(width)}  ${check.rule}${why}`
    })
    .join('\n')
}

/** What was expected, what came, and the words of the rule. */
export function failure({ check, reason }: Result): string {
  const lines = [`${check.topic}: ${check.rule}`]
  if (reason instanceof AssertionError && !reason.generatedMessage && 'expected' in reason) {
    // Its further lines are a difference, which the two lines below tell as well.
    lines.push(`  ${reason.message.split('\n')[0]}`)
    // `ok(condition, message)` has said it all.
    if (reason.operator !== '==') {
      lines.push(`  expected  ${inspect(reason.expected, { breakLength: 110 })}`)
      lines.push(`  got       ${inspect(reason.actual, { breakLength: 110 })}`)
    }
  } else {
    lines.push(`  ${messageOf(reason)}`)
  }
  return [...lines, `  rule      "${check.quote}"`, `            ${check.source}`].join('\n')
}

/** How many checks went how. */
export function counts(results: readonly Result[]): string {
  return (['passed', 'failed', 'skipped'] as const)
    .map((outcome) => `${results.filter((result) => result.outcome === outcome).length} ${outcome}`)
    .join(', ')
}

function messageOf(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason)
  // `fetch` says "fetch failed", and the cause says why.
  const cause = reason.cause instanceof Error ? `: ${reason.cause.message}` : ''
  return `${reason.message}${cause}`
}
