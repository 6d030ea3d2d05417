import { SignJWT } from 'jose'
import { expect, it, onTestFinished, vi } from 'vitest'
import { InvalidOptionsError, subscriptionTokens } from '../../../src/relay/index.ts'
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
  [USER, 0, /expiresIn: expected text with a unit, '10m' for example, and no number/],
  [USER, 600, /expiresIn: expected text with a unit, '10m' for example, and no number/],
  [USER, 600_000, /expiresIn: expected text with a unit, '10m' for example, and no number/],
  [USER, '600', /expiresIn: expected text with a unit, '10m' for example/],
  [USER, '25h', /90000 s is more than maxTokenLifetime, 86400 s/],
])('does not issue a token for %j that holds for %j', async (user, expiresIn, message) => {
  const issued = tokens.issue(user, { expiresIn: expiresIn as string })
  await expect(issued).rejects.toThrow(message)
  await expect(issued).rejects.toBeInstanceOf(InvalidOptionsError)
})

it('refuses to issue a token with an option that it does not know', async () => {
  await expect(tokens.issue(USER, { expires: '1h' } as object)).rejects.toThrow(/issue: expires: not an option/)
})

it('issues tokens for the longest lifetime where that is shorter than the default', async () => {
  const short = subscriptionTokens(SECRET, { maxTokenLifetime: '5m' })
  const { expiresAt = 0 } = (await short.verify(await short.issue(USER))) ?? {}
  expect(Math.abs(expiresAt - Date.now() - 300_000)).toBeLessThan(2000)
})

it('refuses a token that holds for longer than the longest lifetime, whoever signed it', async () => {
  const strict = subscriptionTokens(SECRET, { maxTokenLifetime: '10m' })
  expect(await strict.verify(await tokens.issue(USER, { expiresIn: '10m' }))).toMatchObject({ externalUserId: USER })
  expect(await strict.verify(await tokens.issue(USER, { expiresIn: '12m' }))).toBeNull()
  await expect(strict.issue(USER, { expiresIn: '11m' })).rejects.toThrow(/more than maxTokenLifetime/)
  expect(() => subscriptionTokens(SECRET, { maxTokenLifetime: 'for ever' })).toThrow(/maxTokenLifetime: expected/)
})

it.each([
  [{ maxTokenLifetime: 3_600_000 }, /maxTokenLifetime: expected text with a unit, '10m' for example, and no number/],
  [{ maxLifetime: '1h' }, /maxLifetime: not an option/],
])('takes durations as text with a unit alone: not %j', (options, message) => {
  const make = () => subscriptionTokens(SECRET, options as object)
  expect(make).toThrow(message)
  expect(make).toThrow(InvalidOptionsError)
})

/** A token that is good but for what is given. */
function signed(claims: { nbf?: number; exp: number }): Promise<string> {
  const payload = { sub: USER, aud: 'kyc-status', ...claims }
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET))
}

it('takes a token whose nbf lies up to 60 s ahead, and gives its exp no leeway', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
  onTestFinished(() => void vi.useRealTimers())
  const now = 1_800_000_000
  const exp = now + 600
  for (const nbf of [now, now + 2, now + 60]) {
    expect(await tokens.verify(await signed({ nbf, exp })), `nbf ${nbf - now} s ahead`).not.toBeNull()
  }
  expect(await tokens.verify(await signed({ nbf: now + 61, exp }))).toBeNull()
  expect(await tokens.verify(await signed({ exp: now + 1 }))).not.toBeNull()
  for (const late of [now, now - 1, now - 59]) expect(await tokens.verify(await signed({ exp: late }))).toBeNull()
})

it('ignores the line end of a secret that was read from a file', async () => {
  for (const end of ['\n', '\r\n', '\n\n']) {
    const fromFile = subscriptionTokens(`${SECRET}${end}`)
    expect(await fromFile.verify(await tokens.issue(USER))).not.toBeNull()
    expect(await tokens.verify(await fromFile.issue(USER))).not.toBeNull()
  }
})
