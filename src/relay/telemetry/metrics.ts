import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import {
  ADMIN_RESULTS,
  END_REASONS,
  type Fact,
  REFUSALS,
  REPLAY_OUTCOMES,
  type Report,
  TASKS,
  WEBHOOK_RESULTS,
} from './facts.ts'

export type { NewEvent, StoredEvent } from '../stores/store.ts'
export type {
  AdminAction,
  AdminResult,
  EndReason,
  Fact,
  Refusal,
  RefusedAdminRequest,
  RefusedResult,
  RefusedWebhook,
  ReplayOutcome,
  Report,
  Task,
  WebhookResult,
} from './facts.ts'

/** Metrics for one relay, to be passed to `createRelay`, which then serves them at `/metrics`. */
export interface RelayMetrics {
  report: Report
  /** The metrics in Prometheus' text format, and the content type to serve them with. */
  expose(): Promise<{ contentType: string; text: string }>
}

/** From what a relay needs at rest to what a provider that times out would not wait for, in seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** How many durations are kept for a histogram until it is asked for. */
const MAX_PENDING = 1000

/**
 * Counts what a relay tells of itself, with `prom-client`. Every value of every label is there from the start, as zero, so
 * that a first failure shows as a rise. It counts in plain numbers, and hands them over when the metrics are asked for: with
 * thousands of streams, `prom-client` would take a tenth of all that a webhook costs.
 *
 * @param registry - where they are registered: the default registry of `prom-client`, for example, if your server has
 * metrics of its own. Default: a registry of their own.
 * @throws {Error} if the registry has metrics of these names already.
 */
export function prometheusMetrics(registry: Registry = new Registry()): RelayMetrics {
  const webhooks = counter('webhooks_total', 'Webhooks, by what became of them.', 'result', WEBHOOK_RESULTS)
  const duplicates = counter('duplicates_total', 'Webhooks acknowledged as a repeat of a named delivery.')
  const ack = histogram('webhook_ack_seconds', 'From the receipt of a webhook to its acknowledgement.')
  const commit = histogram('store_commit_seconds', 'What the store took to keep an event for good.')
  const delivery = histogram('delivery_seconds', "From the receipt of a webhook to its frame on its user's streams.")
  const connections = gauge('connections', 'Streams that are open.')
  const replays = counter('replays_total', 'What streams began with.', 'outcome', REPLAY_OUTCOMES)
  const disconnects = counter('disconnects_total', 'Streams that ended, by reason.', 'reason', END_REASONS)
  const slowReaders = counter('slow_readers_total', 'Streams that were cut, because their reader did not read.')
  const refusals = counter('refusals_total', 'Streams and snapshots that were refused, by reason.', 'reason', REFUSALS)
  const adminRequests = counter(
    'admin_requests_total',
    'Requests with which a user is logged out, erased or looked at, by what became of them.',
    'result',
    ADMIN_RESULTS,
  )
  const errors = counter('errors_total', 'What failed and should not, by what was being done.', 'task', TASKS)

  function named(name: string, help: string) {
    return { name: `kyc_relay_${name}`, help }
  }

  function counter<T extends string>(name: string, help: string, label?: string, values: readonly T[] = []) {
    const pending = new Map<T | undefined, number>((label ? values : [undefined]).map((value) => [value, 0]))
    const made = new Counter({
      ...named(name, help),
      labelNames: label ? [label] : [],
      registers: [registry],
      collect() {
        for (const [value, count] of pending) {
          made.inc(label ? { [label]: value } : {}, count)
          pending.set(value, 0)
        }
      },
    })
    return { inc: (value?: T) => pending.set(value, (pending.get(value) ?? 0) + 1) }
  }

  function gauge(name: string, help: string) {
    let value = 0
    const collect = () => made.set(value)
    const made: Gauge = new Gauge({ ...named(name, help), registers: [registry], collect })
    return { inc: () => value++, dec: () => value-- }
  }

  function histogram(name: string, help: string) {
    let pending: number[] = []
    const collect = () => {
      for (const value of pending) made.observe(value)
      pending = []
    }
    const made = new Histogram({ ...named(name, help), buckets: SECONDS, registers: [registry], collect })
    const observe = (value: number) => {
      // An event that somebody else stored may not say when it was received, and would be in the way of all others here.
      if (Number.isFinite(value) && pending.push(value) >= MAX_PENDING) collect()
    }
    return { observe }
  }

  function report(fact: Fact): void {
    switch (fact.type) {
      case 'webhook':
        webhooks.inc(fact.result)
        if (fact.result === 'duplicate') duplicates.inc()
        if (!('code' in fact) && fact.result !== 'passed_on') ack.observe(fact.seconds)
        if (fact.result === 'unavailable') errors.inc('append')
        if (fact.result === 'failed') errors.inc('request')
        break
      case 'committed':
        commit.observe(fact.seconds)
        break
      case 'delivered':
        if (fact.streams > 0) delivery.observe(Math.max(0, Date.now() - receivedAt(fact.event.data)) / 1000)
        break
      case 'opened':
        connections.inc()
        break
      case 'replayed':
        replays.inc(fact.outcome)
        break
      case 'ended':
        connections.dec()
        disconnects.inc(fact.reason)
        if (fact.reason === 'slow_reader') slowReaders.inc()
        break
      case 'refused':
        refusals.inc(fact.reason)
        break
      case 'admin':
        adminRequests.inc(fact.result)
        if (fact.result === 'unavailable' || fact.result === 'failed') errors.inc('admin')
        break
      case 'failed':
        errors.inc(fact.task)
        break
    }
  }

  return { report, expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }) }
}

/**
 * From the event itself and not from a stopwatch, so that it also holds where another process took the webhook in. It stands
 * last in an event's data: `"receivedAt":"2026-11-23T21:20:00.000Z"}`.
 */
function receivedAt(data: string): number {
  return Date.parse(data.slice(-26, -2))
}
