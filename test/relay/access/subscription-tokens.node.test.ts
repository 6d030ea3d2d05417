import { expect, it } from 'vitest'
import { subscriptionTokens } from '../../../src/relay/index.ts'
import { SECRET, tokens, USER } from '../serve.ts'

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
  [USER, '25h', /90000 s is more than maxLifetime, 86400 s/],
])('does not issue a token for %j that holds for %j', async (user, expiresIn, message) => {
  await expect(tokens.issue(user, { expiresIn })).rejects.toThrow(message)
})

it('refuses a token that holds for longer than the longest lifetime, whoever signed it', async () => {
  const strict = subscriptionTokens(SECRET, { maxLifetime: '10m' })
  expect(await strict.verify(await tokens.issue(USER, { expiresIn: '10m' }))).toMatchObject({ externalUserId: USER })
  expect(await strict.verify(await tokens.issue(USER, { expiresIn: '12m' }))).toBeNull()
  await expect(strict.issue(USER, { expiresIn: '11m' })).rejects.toThrow(/more than maxLifetime/)
  expect(() => subscriptionTokens(SECRET, { maxLifetime: 'for ever' })).toThrow(/maxLifetime: expected/)
})
