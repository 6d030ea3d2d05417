import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '../report/percentile.ts'
import type { Deliveries, Delivery } from './deliveries.ts'
import type { Latencies } from './load.ts'

/** How long the last ones may take, in milliseconds. */
const TAIL_TIMEOUT = 20_000

/** Sends at a steady rate, whether or not earlier ones are through: a server that stalls is not spared by its sender. */
export async function pace(
  deliveries: Deliveries,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Latencies> {
  const total = Math.round(rate * seconds)
  const underWay: Promise<Delivery>[] = []
  const lateness: number[] = []
  const began = performance.now()
  while (underWay.length < total) {
    const due = began + (underWay.length * 1000) / rate
    const late = performance.now() - due
    if (late < 0) {
      await sleep(Math.min(1, -late))
      continue
    }
    lateness.push(late)
    underWay.push(deliveries.next())
  }
  const done = await Promise.race([Promise.all(underWay), sleep(TAIL_TIMEOUT, null, { ref: false })])
  if (!done) throw new Error(`not all webhooks were through ${TAIL_TIMEOUT / 1000} s after the last one`)
  return latenciesOf(done, lateness)
}

function latenciesOf(deliveries: readonly Delivery[], lateness: readonly number[]): Latencies {
  const frames = deliveries.map(({ sentAt, toldAt }) => toldAt - sentAt)
  return {
    frameP50: percentile(frames, 0.5),
    frameP99: percentile(frames, 0.99),
    frameP999: percentile(frames, 0.999),
    acknowledgementP99: percentile(
      deliveries.map(({ sentAt, acknowledgedAt }) => acknowledgedAt - sentAt),
      0.99,
    ),
    latenessP99: percentile(lateness, 0.99),
  }
}
