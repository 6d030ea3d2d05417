import { describe, expect, it, vi } from 'vitest'
import {
  type DefinedEvent,
  defineWebhook,
  type Fact,
  partnerApi,
  type RelayOptions,
  type StandardSchema,
  type WebhookDefinition,
} from '../../src/relay/index.ts'
import { memoryStore } from '../../src/relay/stores/memory/memory.ts'
import { anything, serve, silentLogger, USER, WEBHOOK_TOKEN } from './serve.ts'

const PATH = '/webhook/mine'
const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

/** A schema by hand: an object whose `kind` is this. */
function ofKind(kind: string): StandardSchema<{ kind: string; user: string }> {
  return {
    '~standard': {
      version: 1,
      vendor: 'by hand',
      validate: (value) =>
        Object(value).kind === kind
          ? { value: value as { kind: string; user: string } }
          : { issues: [{ message: `expected ${kind}`, path: ['kind'] }] },
    },
  }
}

const approved: DefinedEvent = { externalUserId: USER, status: 'done', state: 'approved' }

function webhookOf(definition: Partial<WebhookDefinition> = {}): WebhookDefinition {
  return defineWebhook({ frame: 'mine', path: PATH, body: anything, toEvent: () => approved, ...definition })
}

/** Whoever says so in a header. */
const by = (name: string) => (headers: Headers) => headers.get('x-sender') === name

async function observed(webhooks: readonly WebhookDefinition[], options: Partial<RelayOptions> = {}) {
  const facts: Fact[] = []
  const store = memoryStore()
  const logger = silentLogger()
  const metrics = {
    report: (fact: Fact) => void facts.push(fact),
    expose: async () => ({ contentType: 'text/plain', text: '' }),
  }
  const served = await serve({ store, logger, metrics, webhooks, ...options })
  const { cursor } = await store.since(USER, null)
  const results = () => facts.flatMap((fact) => (fact.type === 'webhook' ? [fact.result] : []))
  const stored = async () =>
    (await store.since(USER, cursor)).events.map(({ frame, data }) => ({ frame, ...JSON.parse(data) }))
  const mine = (body: unknown, headers: Record<string, string> = {}) => served.post(PATH, body, headers)
  return { ...served, store, logger, results, stored, mine }
}

describe('a webhook of the Partner API', () => {
  const paths = { poa: '/webhook/poa', 'kyc-verification': '/webhook/kyc' }
  const webhooks = partnerApi({ paths })

  it.each([
    ['/webhook/user/status', 'user-balance', 'ACTIVE', { state: 'approved' }],
    ['/webhook/poa', 'poa', 'waiting', { state: 'in_review' }],
    ['/webhook/poa', 'poa', 'QUESTIONED', { state: 'action_needed', reason: 'unclear' }],
    ['/webhook/kyc', 'kyc-verification', 'Rejected', { state: 'declined' }],
  ])('at %s comes down the stream as %s', async (path, frame, status, more) => {
    const { post, open } = await observed(webhooks)
    const stream = await open(USER)
    await stream.untilSync()
    expect((await post(path, { externalUserId: USER, status, more: 1 })).status).toBe(200)
    const event = await stream.next()
    expect(event.event).toBe(frame)
    const data = JSON.parse(event.data)
    expect(data).toEqual({ externalUserId: USER, status, ...more, receivedAt: iso })
    expect(Object.keys(data)).toEqual(['externalUserId', 'status', ...Object.keys(more), 'receivedAt'])
  })

  it('is there by default where its path is known, and otherwise nowhere', async () => {
    const { post, relay } = await observed(partnerApi(), { webhooks: undefined as never })
    expect((await post('/webhook/user/status', { externalUserId: USER, status: 'ACTIVE' })).status).toBe(200)
    expect((await post('/webhook/poa', { externalUserId: USER, status: 'APPROVED' })).status).toBe(404)
    expect([relay.handles('/webhook/user/status'), relay.handles('/webhook/poa')]).toEqual([true, false])
  })

  it('with a word that nobody knows is stored as unknown, and leaves one warning and one count', async () => {
    const onWebhook = vi.fn()
    const { post, stored, results, logger } = await observed(webhooks, { onWebhook })
    const sent = { externalUserId: USER, status: 'Escalated' }
    expect((await post('/webhook/kyc', sent, { 'webhook-id': 'msg_1' })).status).toBe(200)
    const event = { frame: 'kyc-verification', ...sent, state: 'unknown', receivedAt: iso }
    expect(await stored()).toEqual([event])
    expect(results()).toEqual(['unknown_status'])
    expect(logger.warn.mock.calls).toEqual([
      [
        {
          externalUserId: '[redacted]',
          eventId: expect.any(String),
          frame: 'kyc-verification',
          status: 'Escalated',
          seconds: expect.any(Number),
          suppressed: 0,
        },
        'webhook has an unknown status',
      ],
    ])
    expect(onWebhook).toHaveBeenCalledExactlyOnceWith({ ...event, deliveryId: 'msg_1' }, expect.any(Request))
    expect((await post('/webhook/kyc', sent, { 'webhook-id': 'msg_1' })).status).toBe(200)
    expect(results()).toEqual(['unknown_status', 'duplicate'])
  })

  it('with the same unknown word again can be followed by its id, although its warning is left out', async () => {
    const { post, logger } = await observed(webhooks)
    for (let i = 0; i < 3; i++) await post('/webhook/poa', { externalUserId: USER, status: 'HELD' })
    expect(logger.warn).toHaveBeenCalledOnce()
    const ids = (message: string) =>
      logger.info.mock.calls.filter(([, told]) => told === message).map(([fields]) => fields.eventId)
    expect(ids('webhook stored')).toEqual(ids('event delivered').slice(1))
  })
})

describe('a webhook of any other provider', () => {
  it('needs one definition, and nothing else', async () => {
    const mine = defineWebhook({
      frame: 'address-check',
      path: '/webhook/address',
      body: ofKind('address'),
      toEvent: ({ user }) => ({ externalUserId: user, status: 'matched', state: 'approved' }),
    })
    const { post, open, relay } = await observed([...partnerApi(), mine])
    expect(relay.handles('/webhook/address')).toBe(true)
    expect((await post('/webhook/address', { kind: 'address', user: USER })).status).toBe(200)
    const [event] = await (await open(USER)).untilSync()
    expect(event).toMatchObject({ event: 'address-check' })
    expect(JSON.parse(event?.data ?? '')).toEqual({
      externalUserId: USER,
      status: 'matched',
      state: 'approved',
      receivedAt: iso,
    })
  })

  it('is told with all that it says, in one order', async () => {
    const toEvent = () => ({
      occurredAt: '2026-11-23T22:20:00.5+01:00',
      reason: 'blurry\nfront',
      state: 'action_needed' as const,
      more: 1,
      status: 'review.done / RED',
      externalUserId: USER,
    })
    const onWebhook = vi.fn()
    const { mine, open } = await observed([webhookOf({ toEvent })], { onWebhook })
    expect((await mine({})).status).toBe(200)
    const [event] = await (await open(USER)).untilSync()
    const data = {
      externalUserId: USER,
      status: 'review.done / RED',
      state: 'action_needed',
      reason: 'blurry\nfront',
      occurredAt: '2026-11-23T21:20:00.500Z',
      receivedAt: iso,
    }
    expect(JSON.parse(event?.data ?? '')).toEqual(data)
    expect(Object.keys(JSON.parse(event?.data ?? ''))).toEqual(Object.keys(data))
    expect(onWebhook).toHaveBeenCalledWith({ frame: 'mine', ...data, deliveryId: null }, expect.any(Request))
  })

  it.each<[string, unknown]>([
    ['externalUserId', { ...approved, externalUserId: undefined }],
    ['externalUserId', { ...approved, externalUserId: '' }],
    ['externalUserId', { ...approved, externalUserId: 'a\u0000b' }],
    ['externalUserId', { ...approved, externalUserId: 'x'.repeat(257) }],
    ['status', { ...approved, status: '' }],
    ['status', { ...approved, status: 7 }],
    ['status', { ...approved, status: 'x'.repeat(65) }],
    ['status', { ...approved, status: 'a\nb' }],
    ['state', { ...approved, state: 'done' }],
    ['state', { ...approved, state: undefined }],
    ['reason', { ...approved, reason: null }],
    ['reason', { ...approved, reason: 'x'.repeat(257) }],
    ['occurredAt', { ...approved, occurredAt: '2026-11-23T21:20:00' }],
    ['occurredAt', { ...approved, occurredAt: '2026-11-23' }],
    ['occurredAt', { ...approved, occurredAt: '2026-13-23T21:20:00Z' }],
    ['occurredAt', { ...approved, occurredAt: '1969-11-23T21:20:00Z' }],
    ['occurredAt', { ...approved, occurredAt: 1_763_932_800_000 }],
    ['expected an event or null', undefined],
    ['expected an event or null', 'approved'],
    ['externalUserId', Promise.resolve(approved)],
  ])(
    'that is defined wrongly (%s: %j) is 500, leaves a line that says so, and nothing is stored',
    async (field, given) => {
      const { mine, stored, results, logger } = await observed([webhookOf({ toEvent: () => given as DefinedEvent })])
      const response = await mine({})
      expect(response.status).toBe(500)
      expect(await response.text()).not.toMatch(/toEvent|mine/)
      expect(results()).toEqual(['failed'])
      expect(await stored()).toEqual([])
      const [[fields]] = logger.error.mock.calls as [[{ err: Error }]]
      expect(fields.err.message).toMatch(new RegExp(`^toEvent of mine: ${field}`))
    },
  )

  it('whose toEvent throws is 500, and the line has why', async () => {
    const fail = () => {
      throw new Error('a bug of mine')
    }
    const { mine, results, logger } = await observed([webhookOf({ toEvent: fail })])
    expect((await mine({})).status).toBe(500)
    expect(results()).toEqual(['failed'])
    expect(logger.error).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ err: expect.objectContaining({ message: 'a bug of mine' }) }),
      'webhook refused',
    )
  })

  it('that says nothing of interest is acknowledged, and counted, and nothing is kept', async () => {
    const onWebhook = vi.fn()
    const { mine, stored, results, logger } = await observed([webhookOf({ toEvent: () => null })], { onWebhook })
    expect((await mine({})).status).toBe(200)
    expect([await stored(), results()]).toEqual([[], ['ignored']])
    expect(onWebhook).not.toHaveBeenCalled()
    expect(logger.info.mock.calls).toEqual([[{ frame: 'mine', seconds: expect.any(Number) }, 'webhook ignored']])
  })

  it('has its headers, and its body as the schema leaves it', async () => {
    const toEvent = vi.fn(() => null)
    const body: StandardSchema = {
      '~standard': { version: 1, vendor: 'by hand', validate: async (value) => ({ value: { was: value } }) },
    }
    const deliveryId = vi.fn(() => null)
    const { mine } = await observed([webhookOf({ body, toEvent, deliveryId })])
    await mine({ a: 1 }, { 'x-event': 'created' })
    const [[given, headers]] = toEvent.mock.calls as unknown as [[unknown, Headers]]
    expect([given, headers.get('x-event')]).toEqual([{ was: { a: 1 } }, 'created'])
    // Nothing is stored, so no delivery needs a name.
    expect(deliveryId).not.toHaveBeenCalled()
  })

  it('is known again by the name that its definition finds', async () => {
    const deliveryId = ({ headers, body }: { headers: Headers; body: unknown }) =>
      `${headers.get('x-event')} ${(body as { id: string }).id}`
    const onWebhook = vi.fn()
    const { mine, stored } = await observed([webhookOf({ deliveryId })], { onWebhook })
    for (const [id, event] of [
      ['1', 'a'],
      ['1', 'a'],
      ['1', 'b'],
      ['2', 'a'],
    ] as const)
      await mine({ id }, { 'x-event': event })
    expect(await stored()).toHaveLength(3)
    expect(onWebhook.mock.calls.map(([{ deliveryId: name }]) => name)).toEqual(['a 1', 'a 1', 'b 1', 'a 2'])
  })

  it.each([
    ['repeats it', (value: string) => `expected a word, received "${value}"`, 'expected something else'],
    ['repeats it escaped', (value: string) => `received ${JSON.stringify(value)}`, 'expected something else'],
    ['does not', () => 'expected a word', 'expected a word'],
  ])('of the wrong shape is 422, without what it has, where its schema %s', async (_, message, detail) => {
    const body: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'by hand',
        validate: (value) => ({
          issues: [{ message: message((value as { user: { id: string } }).user.id), path: [{ key: 'user' }, 'id'] }],
        }),
      },
    }
    const { mine, logger } = await observed([webhookOf({ body })])
    const response = await mine({ user: { id: 'jane "x" doe' } })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      detail: `user/id: ${detail}`,
      errors: [{ pointer: '/user/id', detail }],
    })
    expect(JSON.stringify(logger.warn.mock.calls)).not.toMatch(/jane|doe/)
  })

  it('may have a body of the size that it says, and not one byte more', async () => {
    const { mine } = await observed([webhookOf({ maxBytes: 100_000 })])
    const text = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`
    expect((await mine(text(100_000))).status).toBe(200)
    expect((await mine(text(100_001))).status).toBe(413)
    const small = await observed([webhookOf({ maxBytes: 10 })])
    expect((await small.mine(text(10))).status).toBe(200)
    expect((await small.mine(text(11))).status).toBe(413)
  })
})

describe('a webhook with an authenticate of its own', () => {
  it('is known by that alone, and no webhook token is asked for', async () => {
    const { mine, webhook, stored, results } = await observed([...partnerApi(), webhookOf({ authenticate: by('me') })])
    expect((await mine({}, { authorization: 'none', 'x-sender': 'me' })).status).toBe(200)
    expect((await mine({}, { 'x-sender': 'other' })).status).toBe(401)
    expect((await webhook({ externalUserId: USER, status: 'ADDED' }, { 'x-sender': 'me' })).status).toBe(200)
    expect((await webhook({}, { authorization: 'none', 'x-sender': 'me' })).status).toBe(401)
    expect(results()).toEqual(['accepted', 'unauthorized', 'accepted', 'unauthorized'])
    expect((await stored()).map(({ frame }) => frame)).toEqual(['mine', 'kyc-file'])
  })

  it('gets the body as bytes, as it came', async () => {
    const authenticate = vi.fn(() => true)
    const { mine } = await observed([webhookOf({ authenticate })])
    await mine('\ufeff{ "a" : 1}\n')
    const [[, bytes]] = authenticate.mock.calls as unknown as [[Headers, Uint8Array]]
    expect(Buffer.from(bytes).toString()).toBe('\ufeff{ "a" : 1}\n')
  })

  it.each([1, 'yes', {}, undefined, null, Promise.resolve('true')])(
    'is let in by true alone, not by %j',
    async (given) => {
      const { mine, stored } = await observed([webhookOf({ authenticate: () => given as boolean })])
      expect((await mine({})).status).toBe(401)
      expect(await stored()).toEqual([])
    },
  )

  it.each<[string, () => boolean | Promise<boolean>]>([
    ['rejects', async () => Promise.reject(new Error('no keys'))],
    [
      'throws',
      () => {
        throw new Error('no keys')
      },
    ],
  ])('that %s is 503, so that it is delivered again, and leaves a line that says why', async (_, authenticate) => {
    const { mine, results, stored, logger } = await observed([webhookOf({ authenticate })])
    const response = await mine({})
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '8'])
    expect(await response.text()).not.toContain('no keys')
    expect([results(), await stored()]).toEqual([['failed'], []])
    expect(logger.error).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 503, path: 'mine', err: expect.objectContaining({ message: 'no keys' }) }),
      'webhook refused',
    )
  })

  it('is read before its sender is known, up to its own bound', async () => {
    const authenticate = vi.fn(() => true)
    const { mine } = await observed([webhookOf({ authenticate, maxBytes: 10 })])
    expect((await mine('12345678901')).status).toBe(413)
    expect(authenticate).not.toHaveBeenCalled()
  })

  it.each([
    ['no JSON', '{', {}, 400],
    ['another type', '{}', { 'content-type': 'text/plain' }, 415],
    ['another shape', '{}', {}, 422],
  ])('is refused for %s only once its sender is known', async (_, body, headers, status) => {
    const { mine } = await observed([webhookOf({ authenticate: by('me'), body: ofKind('a') })])
    expect((await mine(body, { ...headers, 'x-sender': 'other' })).status).toBe(401)
    expect((await mine(body, { ...headers, 'x-sender': 'me' })).status).toBe(status)
  })

  it('needs no webhook tokens; a path that nobody knows is 401 then', async () => {
    const { mine, post, relay, results } = await observed([webhookOf({ authenticate: by('me') })], {
      webhookTokens: undefined as never,
    })
    expect((await mine({}, { 'x-sender': 'me' })).status).toBe(200)
    expect((await post('/webhook/other', {}, { 'x-sender': 'me' })).status).toBe(401)
    expect((await post('/webhook/other', {}, { authorization: '' })).status).toBe(401)
    expect(relay.handles('/webhook/kyc-files/status')).toBe(false)
    expect(results()).toEqual(['accepted', 'unauthorized', 'unauthorized'])
  })

  it("leaves lines of its own, which strangers' do not hide", async () => {
    const strict: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'by hand',
        validate: (value) => ({ issues: [{ message: `expected no ${Object.keys(Object(value)).length} fields` }] }),
      },
    }
    vi.useFakeTimers({ toFake: ['performance'] })
    const { mine, logger } = await observed([webhookOf({ authenticate: by('me'), body: strict })], {
      webhookTokens: undefined as never,
    })
    const as = async (sender: string, body: unknown) => void (await mine(body, { 'x-sender': sender }))
    for (let i = 0; i < 3; i++) await as('stranger', {})
    for (let i = 0; i < 3; i++) {
      await as('me', {})
      await as('me', '{')
      // A kind of its own, with a line in the same second.
      await as('me', { kind: 'a', user: 'b' })
    }
    vi.useRealTimers()
    expect(logger.warn.mock.calls.map(([{ code, suppressed }]) => [code, suppressed])).toEqual([
      [401, 0],
      [422, 0],
      [400, 0],
      [422, 0],
    ])
  })
})

describe('webhooks that share a path', () => {
  const a = webhookOf({ frame: 'a', body: ofKind('a') })
  const b = webhookOf({ frame: 'b', body: ofKind('b') })

  it('are told apart by what fits, and what fits none is refused for what the first one says', async () => {
    const { mine, stored } = await observed([a, b])
    expect((await mine({ kind: 'b' })).status).toBe(200)
    expect((await mine({ kind: 'a' })).status).toBe(200)
    expect((await stored()).map(({ frame }) => frame)).toEqual(['b', 'a'])
    const response = await mine({ kind: 'c' })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ errors: [{ pointer: '/kind', detail: 'expected a' }] })
  })

  it('are asked in order, and the first that gives an event has it', async () => {
    const [first, second, third] = ['first', 'second', 'third'].map((frame, i) =>
      webhookOf({ frame, toEvent: vi.fn(() => (i === 0 ? null : approved)) }),
    ) as [WebhookDefinition, WebhookDefinition, WebhookDefinition]
    const { mine, stored, results } = await observed([first, second, third])
    await mine({})
    expect((await stored()).map(({ frame }) => frame)).toEqual(['second'])
    expect(third.toEvent).not.toHaveBeenCalled()
    expect(results()).toEqual(['accepted'])
  })

  it('are ignored together, once, where one fits and gives nothing, and the others do not fit', async () => {
    const { mine, results, logger } = await observed([a, webhookOf({ frame: 'b', toEvent: () => null })])
    expect((await mine({ kind: 'c' })).status).toBe(200)
    expect(results()).toEqual(['ignored'])
    expect(logger.info).toHaveBeenCalledWith(expect.objectContaining({ frame: 'b' }), 'webhook ignored')
  })

  it('are ignored by the name of the first that fits', async () => {
    const nothing = { toEvent: () => null }
    const { mine, logger } = await observed([
      webhookOf({ frame: 'b', ...nothing }),
      webhookOf({ frame: 'c', ...nothing }),
    ])
    await mine({})
    expect(logger.info).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ frame: 'b' }), 'webhook ignored')
  })

  it('are asked of their own sender alone: each has a secret of its own', async () => {
    const webhooks = [
      webhookOf({ frame: 'one', authenticate: by('one') }),
      webhookOf({ frame: 'two', authenticate: by('two') }),
      webhookOf({ frame: 'token' }),
    ]
    const { mine, stored } = await observed(webhooks)
    const statusOf = async (headers: Record<string, string>) => (await mine({}, headers)).status
    expect(await statusOf({ 'x-sender': 'two', authorization: 'none' })).toBe(200)
    expect(await statusOf({ 'x-sender': 'one' })).toBe(200)
    expect(await statusOf({ authorization: WEBHOOK_TOKEN })).toBe(200)
    expect(await statusOf({ authorization: 'none' })).toBe(401)
    expect((await stored()).map(({ frame }) => frame)).toEqual(['two', 'one', 'token'])
  })

  it('ask one authenticate once, where they have the same', async () => {
    const authenticate = vi.fn(() => true)
    const { mine } = await observed([
      { ...a, authenticate },
      { ...b, authenticate },
    ])
    await mine({ kind: 'b' })
    expect(authenticate).toHaveBeenCalledOnce()
  })

  it('have the largest bound of them', async () => {
    const { mine } = await observed([
      { ...a, maxBytes: 20 },
      { ...b, maxBytes: 40 },
    ])
    expect((await mine(JSON.stringify({ kind: 'a', more: 'x'.repeat(10) }))).status).toBe(200)
    expect((await mine(JSON.stringify({ kind: 'b', more: 'x'.repeat(30) }))).status).toBe(413)
  })
})

describe('the frame kyc-file', () => {
  it('has the three fields, whichever definition it comes from, and no word that a page does not know', async () => {
    const body = ofKind('file')
    const toEvent = ({ user }: { user: string }): DefinedEvent => ({
      externalUserId: USER,
      status: user,
      state: 'approved',
      reason: 'x',
    })
    const file = defineWebhook({ frame: 'kyc-file', path: PATH, body, toEvent })
    const { mine, stored, results } = await observed([file])
    for (const user of ['ADDED', 'accepted']) expect((await mine({ kind: 'file', user })).status).toBe(200)
    expect(await stored()).toEqual([{ frame: 'kyc-file', externalUserId: USER, status: 'ADDED', receivedAt: iso }])
    expect(results()).toEqual(['accepted', 'unknown_status'])
  })

  it('is looked at like any other where a definition of this package was changed', async () => {
    const [file] = partnerApi()
    if (!file) throw new Error('expected a definition')
    const { mine, stored, results } = await observed([{ ...file, path: PATH, body: anything }])
    expect((await mine({ externalUserId: '', status: 'ADDED' })).status).toBe(500)
    expect((await mine({ externalUserId: USER, status: 'whatever' })).status).toBe(200)
    expect([await stored(), results()]).toEqual([[], ['failed', 'unknown_status']])
  })
})
