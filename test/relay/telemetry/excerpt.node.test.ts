import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { jsonLogger } from '../../../src/cli/log.ts'
import { createRelay, StoreUnavailableError } from '../../../src/relay/index.ts'
import { toNodeHandler } from '../../../src/relay/servers/node.ts'
import { memoryStore } from '../../../src/relay/stores/memory/memory.ts'
import { openStream, tokens, USER, WEBHOOK_TOKEN } from '../serve.ts'

const STATUS_PATH = '/webhook/kyc-files/status'
const added = { externalUserId: USER, status: 'ADDED' }

/** What is another one each time stands in the documentation like this. */
function settled(line: string): string {
  return line
    .replace(/"time":\d+/, '"time":1763932800000')
    .replace(/"seconds":[\d.e-]+/, '"seconds":0.001')
    .replace(/"eventId":"[^"]+"/, '"eventId":"1763932800000-0"')
    .replace(/"receivedAt":"[^"]+"/, '"receivedAt":"2025-11-23T21:20:00.000Z"')
    .replace(/"stack":"(?:[^"\\]|\\.)*"/, '"stack":"…"')
}

it('shows the log as it is in the documentation: one webhook followed, and one of each kind of refusal', async () => {
  const lines: string[] = []
  const store = memoryStore()
  let leave = async () => {}
  const relay = createRelay({
    store,
    webhookTokens: [WEBHOOK_TOKEN],
    subscriptionTokens: tokens,
    logger: jsonLogger('info', (line) => lines.push(settled(line))),
    onWebhook: async ({ deliveryId }) => {
      if (deliveryId === 'msg_3') throw new Error('the database is away')
      if (deliveryId === 'msg_4') await leave()
    },
  })
  const handle = toNodeHandler(relay)
  const server = createServer(async (message, response) => {
    if (message.headers['x-parsed']) await message.toArray()
    await handle(message, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: WEBHOOK_TOKEN, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    await response.arrayBuffer()
  }
  const stream = await openStream(`${url}/events/${USER}`, { authorization: `Bearer ${await tokens.issue(USER)}` })
  await stream.untilSync()
  await post(STATUS_PATH, added, { 'webhook-id': 'msg_1' })
  await stream.next()
  await post(STATUS_PATH, added, { 'webhook-id': 'msg_1' })
  const followed = lines.splice(0)

  await post(STATUS_PATH, added, { authorization: 'wrong' })
  await post('/webhook/cards/issued', added)
  await post(STATUS_PATH, { ...added, status: 'PENDING' })
  await post(STATUS_PATH, '{')
  await post(STATUS_PATH, { ...added, more: 'x'.repeat(16_384) })
  await post(STATUS_PATH, added, { 'content-type': 'text/plain' })
  await post(STATUS_PATH, { ...added, status: 'done' })
  await post('/webhook/health', added)
  await post(STATUS_PATH, added, { 'x-parsed': '1' })
  await post(STATUS_PATH, added, { 'webhook-id': 'msg_3' })
  const { append } = store
  store.append = () => Promise.reject(new StoreUnavailableError('sqliteStore: can not write: the disk is full'))
  await post(STATUS_PATH, added)
  store.append = append
  // A sender that does not wait for its answer.
  const headers = { authorization: WEBHOOK_TOKEN, 'content-type': 'application/json', 'webhook-id': 'msg_4' }
  const sent = request(`${url}${STATUS_PATH}`, { method: 'POST', headers }).on('error', () => {})
  server.once('request', ({ socket }) => {
    leave = async () => {
      const closed = once(socket, 'close')
      sent.destroy()
      await closed
    }
  })
  sent.end(JSON.stringify(added))
  await vi.waitFor(() => expect(lines.at(-1)).toMatch(/gone/))

  const documentation = readFileSync(new URL('../../../stories/operations.mdx', import.meta.url), 'utf8')
  const [first, second] = [...documentation.matchAll(/```json\n(.*?)\n```/gs)].map(([, block]) => block)
  expect(first).toBe(followed.join('\n'))
  expect(second).toBe(lines.join('\n'))
})
