import { beforeEach, expect, it, vi } from 'vitest'
import { fakeTime, pass } from './fake-time.ts'
import { mockPage, USER } from './mock-page.ts'

beforeEach(() => fakeTime())

it('a reader that leaves twice does not take the connection from one that has come since', async () => {
  const { relay, client, state } = mockPage()
  const leave = client.subscribe(USER, () => {})
  await pass(100)
  leave()
  leave()
  client.subscribe(USER, () => {})
  await pass(5000)
  expect(state().connection.status).toBe('open')
  expect(relay.requests).toBe(1)
})

it('ready() that waits for the relay rejects when the user signs out', async () => {
  const { relay, client } = mockPage()
  relay.hang()
  const rejected = vi.fn()
  client.ready(USER, new AbortController().signal).catch(rejected)
  await pass(1000)
  client.signOut()
  await pass(1)
  expect(rejected).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'closed' }))
})
