import { type Check, Skipped } from './check.ts'
import { authorization } from './checks/authorization.ts'
import { connection } from './checks/connection.ts'
import { cors } from './checks/cors.ts'
import { health } from './checks/health.ts'
import { refusals } from './checks/refusals.ts'
import { resume } from './checks/resume.ts'
import { stream } from './checks/stream.ts'
import { users } from './checks/users.ts'
import { webhook } from './checks/webhook.ts'
import type { Settings } from './settings.ts'
import { Target } from './target.ts'

export interface TopicCheck extends Check {
  topic: string
}

const TOPICS = { webhook, stream, resume, authorization, users, cors, health, refusals, connection }

/** Every check, with its topic. */
export const checks: TopicCheck[] = Object.entries(TOPICS).flatMap(([topic, list]) =>
  list.map((check) => ({ topic, ...check })),
)

export interface Result {
  check: TopicCheck
  outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  reason?: unknown
  /** Milliseconds. */
  duration: number
}

/** How long a check may take, in milliseconds. */
const TIME_LIMIT = 25_000

/** How many checks run at once, beside the slow ones, which wait most of their time. */
const CONCURRENCY = 8

/** Runs one check against a relay; rejects if its rule doesn't hold. */
export async function runCheck(check: Check, url: string, settings: Settings): Promise<void> {
  const target = new Target(url, settings)
  let late: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`it took longer than ${TIME_LIMIT / 1000} s`)), TIME_LIMIT)
  })
  try {
    await Promise.race([check.run(target), limit])
  } finally {
    clearTimeout(late)
    target.close()
  }
}

/** Runs every check, and tells of each as it is done. Resolves with the results in the order of the checks. */
export async function runSuite(
  url: string,
  settings: Settings,
  onResult: (result: Result) => void = () => {},
): Promise<Result[]> {
  const results = new Map<TopicCheck, Result>()
  const run = async (check: TopicCheck) => {
    const start = performance.now()
    const [outcome, reason] = await runCheck(check, url, settings).then(
      () => ['passed'] as const,
      (error: unknown) => [error instanceof Skipped ? 'skipped' : 'failed', error] as const,
    )
    const result = { check, outcome, reason, duration: performance.now() - start }
    results.set(check, result)
    onResult(result)
  }
  const quick = checks.filter(({ slow }) => !slow)
  const worker = async () => {
    for (let check = quick.shift(); check; check = quick.shift()) await run(check)
  }
  const slow = checks.filter((check) => check.slow).map(run)
  await Promise.all([...slow, ...Array.from({ length: CONCURRENCY }, worker)])
  return checks.flatMap((check) => results.get(check) ?? [])
}
