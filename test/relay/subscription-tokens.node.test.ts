import { expect, it } from 'vitest'
import { subscriptionTokens } from '../../src/relay/index.ts'
import { tokens, USER } from './serve.ts'

it.each(['short', [], new Uint8Array(31)])('refuses the secret %j', (secret) => {
  expect(() => subscriptionTokens(secret)).toThrow(/expected .*secret/)
})

it('verifies with each of several secrets, and signs with the first', async () => {
  const [old, fresh] = ['an old secret of at least 32 bytes!!', 'a fresh secret of at least 32 bytes!']
  const both = subscriptionTokens([fresh, old])
  expect(await both.verify(await subscriptionTokens(old).issue(USER))).toMatchObject({ externalUserId: USER })
  expect(await subscriptionTokens(fresh).verify(await both.issue(USER))).toMatchObject({ externalUserId: USER })
  expect(await subscriptionTokens(old).verify(await both.issue(USER))).toBeNull()
})

it.each([
  ['', '10m', /externalUserId: expected/],
  [USER, 'soon', /expiresIn: expected/],
  [USER, 0, /expiresIn: expected/],
])('does not issue a token for %j that holds for %j', async (user, expiresIn, message) => {
  await expect(tokens.issue(user, { expiresIn })).rejects.toThrow(message)
})
