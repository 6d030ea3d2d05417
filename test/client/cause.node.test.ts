import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { GetToken, KycStatusClientOptions } from '../../src/client/index.ts'
import { quiet } from '../quiet.ts'
import { SECRET, serve, tokens } from '../relay/serve.ts'
import { fakeTime, pass } from './fake-time.ts'
import { mockPage, USER } from './mock-page.ts'

function setUp(options: Partial<KycStatusClientOptions> = {}) {
  const warn = quiet()
  const onError = vi.fn()
  return { ...mockPage({ onError, ...options }), onError, warn }
}

const token = (value: unknown) => (() => value) as GetToken

/** What a `getToken` does, and what is told of it. */
const noTokens: [string, GetToken, RegExp][] = [
  ['throws', () => Promise.reject(new Error('the session is over')), /getToken.*the session is over/],
  [
    'throws before it promises anything',
    () => {
      throw new TypeError('x is not a function')
    },
    /getToken.*x is not a function/,
  ],
  ['throws text', () => Promise.reject('no session'), /getToken.*no session/],
  ['returns a page to sign in', token('<!doctype html><title>Sign in</title>'), /getToken.*HTML/],
  ['returns a page with white space before it', token('\n  <html>'), /getToken.*HTML/],
  ['returns the text of JSON', token('{"token":"a.b.c"}'), /getToken.*JSON/],
  ['returns text in quotes, as JSON has it', token('"a.b.c"'), /getToken.*JSON/],
  ['returns an object', token({ token: 'a.b.c' }), /getToken.*object/],
  ['returns nothing', token(undefined), /getToken.*undefined/],
  ['returns null', token(null), /getToken.*null/],
  ['returns empty text', token(''), /getToken.*empty/],
  ['returns white space', token(' \n'), /getToken.*empty/],
  ['returns a number', token(7), /getToken.*number/],
  ['returns the whole header', token('Bearer a.b.c'), /getToken/],
  ['returns two lines', token('a.b.c\nx: y'), /getToken/],
]

describe.each(noTokens)('a getToken that %s', (_, getToken, message) => {
  beforeEach(() => fakeTime())

  it('is the cause, and no request is made', async () => {
    const { relay, client, state } = setUp({ getToken })
    client.subscribe(USER, () => {})
    await pass(60_000)
    expect(state().connection).toMatchObject({
      status: 'reconnecting',
      cause: { name: 'KycStatusError', code: 'no_token', message: expect.stringMatching(message) },
    })
    expect(state().error).toBeNull()
    expect(relay.requests).toBe(0)
  })

  it('is told to onError once, and to the console once', async () => {
    const { client, onError, warn, state } = setUp({ getToken })
    client.subscribe(USER, () => {})
    await pass(60_000)
    expect(onError.mock.calls).toEqual([[state().connection.cause, { externalUserId: USER }]])
    expect(warn.mock.calls).toEqual([[expect.stringMatching(message)]])
  })

  it('is not told to the console in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { client, onError, warn } = setUp({ getToken })
    client.subscribe(USER, () => {})
    await pass(60_000)
    expect(onError).toHaveBeenCalledOnce()
    expect(warn).not.toHaveBeenCalled()
  })

  it('heals within 30 s once it returns a token', async () => {
    let isMended = false
    const { client, state } = setUp({ getToken: (context) => (isMended ? 'a.b.c' : getToken(context)) })
    client.subscribe(USER, () => {})
    await pass(60_000)
    isMended = true
    await pass(30_000)
    expect(state().connection).toMatchObject({ status: 'open', cause: null })
  })
})

it.each(['a.b.c', 'a.b.c\n', ' a.b.c', 'dG9rZW4=', 'a-b_c~d+e/f'])('%j is a token', async (value) => {
  const { relay, client, state } = setUp({ getToken: () => value })
  client.subscribe(USER, () => {})
  await vi.waitFor(() => expect(state().connection.status).toBe('open'))
  expect(relay.received[0]?.authorization).toBe(`Bearer ${value.trim()}`)
})

it('nothing of what getToken returned stands in the message', async () => {
  const { client, state } = setUp({ getToken: token('{"token":"secret"}') })
  client.subscribe(USER, () => {})
  await vi.waitFor(() => expect(state().connection.cause).not.toBeNull())
  expect(state().connection.cause?.message).not.toContain('secret')
})

describe('a getToken that never settles', () => {
  beforeEach(() => fakeTime())
  const never = () => new Promise<never>(() => {})

  it('is the cause after 10 s, by its name', async () => {
    const { relay, client, onError, state } = setUp({ getToken: never })
    client.subscribe(USER, () => {})
    await pass(11_000)
    expect(state().connection.cause).toMatchObject({ message: expect.stringContaining('getToken') })
    expect(onError).toHaveBeenCalledOnce()
    expect(relay.requests).toBe(0)
  })

  it('is told once in ten minutes', async () => {
    const { client, onError, warn } = setUp({ getToken: never })
    client.subscribe(USER, () => {})
    await pass(600_000)
    expect(onError).toHaveBeenCalledOnce()
    expect(warn).toHaveBeenCalledOnce()
  })

  it('once, is made up for by the next one', async () => {
    const getToken = vi.fn<GetToken>(async () => 'token').mockImplementationOnce(never)
    const { client, state } = setUp({ getToken })
    client.subscribe(USER, () => {})
    await pass(12_000)
    expect(state().connection).toMatchObject({ status: 'open', cause: null })
  })
})

describe('a change of cause', () => {
  beforeEach(() => fakeTime())

  it('is told each time, and what goes on is not told again', async () => {
    const { relay, client, onError } = setUp()
    const codes = () => onError.mock.calls.map(([{ code }]) => code)
    relay.respond(503)
    client.subscribe(USER, () => {})
    await pass(60_000)
    expect(codes()).toEqual(['unavailable'])
    relay.respond(404)
    await pass(60_000)
    relay.respond(503)
    await pass(60_000)
    expect(codes()).toEqual(['unavailable', 'not_found', 'unavailable'])
  })

  it('is told again after the line has been well', async () => {
    const { relay, client, onError, warn } = setUp()
    client.subscribe(USER, () => {})
    await pass(1000)
    for (let i = 0; i < 3; i++) {
      relay.respond('network')
      relay.drop()
      await pass(40_000)
      relay.respond(null)
      // Not long enough for the line to be silent for too long.
      await pass(31_000)
    }
    expect(onError).toHaveBeenCalledTimes(3)
    // The console has heard it once.
    expect(warn).toHaveBeenCalledOnce()
  })

  it('is none when a stream ends cleanly, as a relay does that drains', async () => {
    const { relay, client, onError, warn } = setUp()
    client.subscribe(USER, () => {})
    await pass(1000)
    for (let i = 0; i < 5; i++) {
      relay.closeCleanly()
      await pass(20_000)
    }
    expect(onError).not.toHaveBeenCalled()
    expect(warn).not.toHaveBeenCalled()
  })

  it('is none when the page is hidden, offline, left, signed out or closed', async () => {
    const { client, onError, warn, state } = setUp()
    const leave = client.subscribe(USER, () => {})
    await pass(1000)
    leave()
    await pass(2000)
    client.subscribe(USER, () => {})
    client.signOut()
    await pass(1000)
    client.close()
    await pass(1000)
    expect(state().error).toMatchObject({ code: 'closed' })
    expect(onError).not.toHaveBeenCalled()
    expect(warn).not.toHaveBeenCalled()
  })

  it('is told for each user', async () => {
    const { relay, client, onError, warn } = setUp()
    relay.respond(503)
    client.subscribe('a', () => {})
    client.subscribe('b', () => {})
    await pass(1000)
    expect(onError.mock.calls.map(([, context]) => context)).toEqual([{ externalUserId: 'a' }, { externalUserId: 'b' }])
    expect(warn).toHaveBeenCalledOnce()
  })

  it('is told of a refusal that is final as well', async () => {
    const { relay, client, onError, state } = setUp()
    relay.respond(403)
    client.subscribe(USER, () => {})
    await pass(1000)
    expect(onError.mock.calls).toEqual([[state().error, { externalUserId: USER }]])
  })

  it('does no harm where onError throws', async () => {
    const uncaught = vi.fn()
    process.on('uncaughtException', uncaught)
    onTestFinished(() => void process.off('uncaughtException', uncaught))
    const { relay, client, state } = setUp({
      onError: () => {
        throw new Error('of the application')
      },
    })
    relay.respond(503)
    client.subscribe(USER, () => {})
    // The error is the application's to see.
    await expect(pass(1)).rejects.toThrow('of the application')
    relay.respond(null)
    await pass(10_000)
    expect(state().connection.status).toBe('open')
  })
})

describe('what the relay says of its refusal stands in the message', () => {
  it.each<[string, () => Promise<string>, string, RegExp]>([
    [
      'a token of another secret',
      async () => {
        const { subscriptionTokens } = await import('../../src/relay/access/subscription-tokens.ts')
        return subscriptionTokens(`${SECRET}, another one`).issue(USER)
      },
      'unauthorized',
      /^the relay answered 401: .{10}/,
    ],
    ["another user's token", () => tokens.issue('somebody else'), 'forbidden', /^the relay answered 403: .{10}/],
  ])('%s', async (_, getToken, code, message) => {
    const { url } = await serve()
    const { client, state } = setUp({ url, fetch: globalThis.fetch, getToken })
    client.subscribe(USER, () => {})
    await vi.waitFor(() => expect(state().error).not.toBeNull())
    expect(state().error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(state().connection.cause).toBe(state().error)
  })

  it.each<[string, () => Response, string]>([
    [
      'and no more than 300 characters of it',
      () => problem({ detail: 'x'.repeat(1000) }),
      `the relay answered 503: ${'x'.repeat(300)}`,
    ],
    ['and nothing where there is none', () => problem({ title: 'Service Unavailable' }), 'the relay answered 503'],
    ['and nothing where it is no text', () => problem({ detail: { a: 1 } }), 'the relay answered 503'],
    [
      'and nothing of what is no problem',
      () => new Response('{"detail":"x"}', { status: 503, headers: { 'content-type': 'application/json' } }),
      'the relay answered 503',
    ],
    [
      'and nothing of what cannot be read',
      () => new Response('{"detail', { status: 503, headers: { 'content-type': 'application/problem+json' } }),
      'the relay answered 503',
    ],
    ['and nothing of what is null', () => problem(null), 'the relay answered 503'],
  ])('%s', async (_, answer, message) => {
    const { relay, client, state } = setUp()
    relay.respond(answer)
    client.subscribe(USER, () => {})
    await vi.waitFor(() => expect(state().connection.cause?.message).toBe(message))
  })

  it('and does not wait for ever for it', async () => {
    fakeTime()
    const { relay, client, state } = setUp()
    relay.respond(
      () =>
        new Response(new ReadableStream(), { status: 503, headers: { 'content-type': 'application/problem+json' } }),
    )
    client.subscribe(USER, () => {})
    await pass(11_000)
    expect(state().connection.cause).toMatchObject({ code: 'unavailable', message: 'the relay answered 503' })
  })
})

function problem(body: unknown): Response {
  return new Response(JSON.stringify(body), { status: 503, headers: { 'content-type': 'application/problem+json' } })
}
