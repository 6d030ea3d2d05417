import { beforeEach, expect, it } from 'vitest'
import { fakeTime, pass } from './fake-time.ts'
import { mockPage, USER } from './mock-page.ts'

beforeEach(() => fakeTime())

it('an upload that begins while another one is held back has an attempt of its own', async () => {
  const { relay, client, state } = mockPage()
  relay.hang()
  const first = client.beginUpload(USER)
  await pass(1000)
  const second = client.beginUpload(USER)
  await pass(2000)
  const { id } = await first
  expect(state().attempt?.id).not.toBe(id)
  expect(state().attempt).toMatchObject({ letGoAt: null })
  await pass(1000)
  expect((await second).id).toBe(state().attempt?.id)
})

it('an upload that begins on a line that may be dead has it opened again', async () => {
  const { relay, client, state } = mockPage()
  client.subscribe(USER, () => {})
  await pass(20_000)
  expect(relay.opened).toBe(1)
  await client.beginUpload(USER)
  await pass(10)
  expect(relay.opened).toBe(2)
  expect(state().connection.status).toBe('open')
})

it('an upload that leaves without a point does not disturb a line that is about to be heard', async () => {
  const { relay, client } = mockPage()
  relay.hang()
  client.subscribe(USER, () => {})
  await pass(100)
  const beginning = client.beginUpload(USER)
  await pass(3100)
  await beginning
  // One for the line, and one for the point.
  expect(relay.requests).toBe(2)
})
