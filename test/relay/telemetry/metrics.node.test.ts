import { readFileSync } from 'node:fs'
import { Registry } from 'prom-client'
import { expect, it, onTestFinished, vi } from 'vitest'
import { StoreUnavailableError } from '../../../src/relay/index.ts'
import { memoryStore } from '../../../src/relay/stores/memory/memory.ts'
import { prometheusMetrics } from '../../../src/relay/telemetry/metrics.ts'
import { openStream, serve, tokens, USER } from '../serve.ts'

const added = { externalUserId: USER, status: 'ADDED' }

const withoutStop = (text = '') => text.trim().replace(/\.$/, '')

/** A relay with metrics, and the way to read one of its samples. */
async function measured(options: Parameters<typeof serve>[0] = {}) {
  const served = await serve({ ...options, metrics: prometheusMetrics() })
  const read = async () => (await fetch(`${served.url}/metrics`)).text()
  const sample = async (name: string) => {
    const line = (await read()).split('\n').find((text) => text.startsWith(`kyc_relay_${name} `))
    return line === undefined ? undefined : Number(line.split(' ').at(-1))
  }
  return { ...served, sample }
}

it('serves Prometheus text where it is enabled, and nothing where it is not', async () => {
  const { url } = await measured()
  const response = await fetch(`${url}/metrics`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405)
  expect((await fetch(`${(await serve()).url}/metrics`)).status).toBe(404)
})

it('counts webhooks by what became of them, and measures those that were acknowledged', async () => {
  const { webhook, sample } = await measured()
  expect(await sample('webhooks_total{result="accepted"}')).toBe(0)
  await webhook(added, { 'webhook-id': '1' })
  await webhook(added, { 'webhook-id': '1' })
  await webhook(added, { authorization: 'wrong' })
  await webhook('not JSON')
  await webhook({ status: 'ADDED' })
  expect(await sample('webhooks_total{result="accepted"}')).toBe(1)
  expect(await sample('webhooks_total{result="duplicate"}')).toBe(1)
  expect(await sample('webhooks_total{result="unauthorized"}')).toBe(1)
  expect(await sample('webhooks_total{result="invalid"}')).toBe(2)
  expect(await sample('duplicates_total')).toBe(1)
  expect(await sample('webhook_ack_seconds_count')).toBe(2)
  expect(await sample('store_commit_seconds_count')).toBe(2)
})

it('counts streams, what they began with, and why they ended', async () => {
  const { open, webhook, relay, sample, url } = await measured()
  const stream = await open(USER)
  await stream.untilSync()
  expect(await sample('connections')).toBe(1)
  await webhook(added)
  const { id } = await stream.next()
  expect(await sample('delivery_seconds_count')).toBe(1)
  stream.close()
  await vi.waitFor(async () => expect(await sample('disconnects_total{reason="gone"}')).toBe(1))
  expect(await sample('connections')).toBe(0)

  for (const cursor of [id ?? '', 'nobody knows this']) {
    const resumed = await open(USER, { 'last-event-id': cursor })
    await resumed.untilSync()
    await relay.disconnect(USER)
    await resumed.ended
  }
  expect(await sample('replays_total{outcome="latest"}')).toBe(1)
  expect(await sample('replays_total{outcome="resumed"}')).toBe(1)
  expect(await sample('replays_total{outcome="incomplete"}')).toBe(1)
  expect(await sample('disconnects_total{reason="disconnected"}')).toBe(2)

  const authorization = `Bearer ${await tokens.issue('somebody else')}`
  await openStream(`${url}/events/${USER}`, { authorization })
  await openStream(`${url}/events/${USER}`, {})
  expect(await sample('refusals_total{reason="forbidden"}')).toBe(1)
  expect(await sample('refusals_total{reason="unauthorized"}')).toBe(1)
})

it('shows a store that fails, as readiness does, and that it is well again', async () => {
  const store = memoryStore()
  const { append } = store
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const broken = () => Promise.reject(new StoreUnavailableError('the disk is full'))
  const { webhook, sample, url } = await measured({ store })
  Object.assign(store, { append: broken, checkWritable: broken })
  expect((await webhook(added)).status).toBe(503)
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  expect(await sample('errors_total{task="append"}')).toBe(1)
  expect(await sample('errors_total{task="check"}')).toBe(1)
  expect(await sample('webhooks_total{result="unavailable"}')).toBe(1)
  Object.assign(store, { append, checkWritable: async () => {} })
  expect((await webhook(added)).status).toBe(200)
  vi.advanceTimersByTime(1000)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
})

it('counts a reader that is cut', async () => {
  const { relay, webhook, sample } = await measured()
  const externalUserId = 'x'.repeat(256)
  const authorization = `Bearer ${await tokens.issue(externalUserId)}`
  const stuck = await relay.fetch(new Request(`http://relay/events/${externalUserId}`, { headers: { authorization } }))
  for (let i = 0; i < 300; i++) await webhook({ externalUserId, status: 'ADDED' })
  await expect(stuck.text()).rejects.toMatchObject({ code: 'slow_reader' })
  expect(await sample('slow_readers_total')).toBe(1)
  expect(await sample('disconnects_total{reason="slow_reader"}')).toBe(1)
  expect(await sample('connections')).toBe(0)
})

it('misses nothing that comes between two looks at it, nor is it in the way of what makes no sense', async () => {
  const registry = new Registry()
  const { report, expose } = prometheusMetrics(registry)
  const event = { externalUserId: USER, frame: 'kyc-file', id: '1-0', data: '{"stored":"by another program"}' }
  report({ type: 'delivered', externalUserId: USER, event, streams: 1 })
  for (let i = 0; i < 2500; i++) report({ type: 'committed', seconds: 0.001 })
  for (const text of [(await expose()).text, await registry.metrics()]) {
    expect(text).toContain('kyc_relay_store_commit_seconds_count 2500\n')
    expect(text).toContain('kyc_relay_store_commit_seconds_bucket{le="0.001"} 2500\n')
    expect(text).toContain('kyc_relay_delivery_seconds_count 0\n')
  }
})

it('has the metrics that the documentation lists, with their labels, and no others', async () => {
  const registry = new Registry()
  prometheusMetrics(registry)
  const made = await registry.getMetricsAsJSON()
  const documentation = readFileSync(new URL('../../../stories/operations.mdx', import.meta.url), 'utf8')
  const listed = [...documentation.matchAll(/^\| `(kyc_relay_\w+)(?:\{(\w+)\})?` \| (\w+) \| (.+) \|$/gm)].map(
    ([, name, label, type, help]) => ({ name, label, type, help: withoutStop(help?.split(':')[0]) }),
  )
  expect(listed).toEqual(
    made.map(({ name, type, help, values }) => {
      const label = Object.keys(values[0]?.labels ?? {}).find((key) => key !== 'le')
      return { name, label, type: String(type), help: withoutStop(help) }
    }),
  )
  // The values of each label stand behind a colon.
  for (const { name, values } of made) {
    for (const { labels } of values) {
      for (const [label, value] of Object.entries(labels)) {
        if (label !== 'le') expect(documentation, `${name}{${label}}`).toContain(`\`${value}\``)
      }
    }
  }
})
