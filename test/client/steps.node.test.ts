import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createKycStatusClient, kycStepOf } from '../../src/client/index.ts'
import { createMockRelay } from '../../src/testing/index.ts'
import { fakeTime, pass } from './fake-time.ts'
import { isForStream, mockPage, USER } from './mock-page.ts'

beforeEach(() => fakeTime())
afterEach(() => void vi.unstubAllGlobals())

/** A page that reads the user's stream. */
async function openPage(options: Parameters<typeof mockPage>[0] = {}, before: (relay: Relay) => void = () => {}) {
  const page = mockPage(options)
  before(page.relay)
  page.client.subscribe(USER, () => {})
  await pass(10)
  return { ...page, poa: () => stateOf(page.client) }
}
type Relay = ReturnType<typeof createMockRelay>
type Client = ReturnType<typeof createKycStatusClient>
const stateOf = (client: Client, step = 'poa') => kycStepOf(USER, step, client.getState(USER))?.state ?? null
const poa = (status: string, more: { occurredAt?: string } = {}) => ({ frame: 'poa', status, ...more })

describe('what is known of a step', () => {
  it('comes with the first replay, of each frame', async () => {
    const { client } = await openPage({}, (relay) => {
      relay.emit(USER, 'ERROR')
      relay.emit(USER, poa('WAITING'))
      relay.emit(USER, { frame: 'user-balance', status: 'ACTIVE' })
      relay.emit(USER, 'ADDED')
    })
    const states = ['kyc-file', 'poa', 'user-balance', 'kyc-verification'].map((step) => stateOf(client, step))
    expect(states).toEqual(['approved', 'in_review', 'approved', 'none'])
  })

  it('comes live, and changes nothing of another step', async () => {
    const { relay, client, state } = await openPage({}, (relay) => relay.emit(USER, poa('WAITING')))
    const { steps, status } = state()
    relay.emit(USER, { frame: 'user-balance', status: 'ACTIVE' })
    await pass(10)
    expect(stateOf(client, 'user-balance')).toBe('approved')
    expect(state().steps.get('poa')).toBe(steps.get('poa'))
    expect(state().status).toBe(status)
  })

  it('keeps its object when the line was lost and nothing has come', async () => {
    const { relay, state } = await openPage({}, (relay) => relay.emit(USER, poa('WAITING')))
    const { steps } = state()
    relay.drop()
    await pass(3000)
    expect(state().connection.status).toBe('open')
    expect(state().steps).toBe(steps)
  })

  it('comes after a lost line', async () => {
    const { relay, poa: known } = await openPage()
    relay.respond('network')
    relay.drop()
    relay.emit(USER, poa('WAITING'))
    relay.emit(USER, poa('APPROVED'))
    await pass(1000)
    expect(known()).toBe('none')
    relay.respond(null)
    await pass(10_000)
    expect(known()).toBe('approved')
  })

  it('comes by polling', async () => {
    const { relay, poa: known } = await openPage({ transport: 'polling' })
    relay.emit(USER, poa('QUESTIONED'))
    await pass(6500)
    expect(known()).toBe('action_needed')
  })

  it('is not overturned by a late repeat, on a fresh page either', async () => {
    const { relay, client, poa: known } = await openPage()
    relay.emit(USER, poa('WAITING'))
    await pass(1000)
    relay.emit(USER, poa('APPROVED'))
    await pass(16_000)
    const before = kycStepOf(USER, 'poa', client.getState(USER))
    relay.emit(USER, poa('WAITING'))
    await pass(10)
    expect(known()).toBe('approved')
    expect(kycStepOf(USER, 'poa', client.getState(USER))).toEqual(before)
    const fresh = createKycStatusClient({ url: `${relay.url}/fresh`, fetch: relay.fetch })
    fresh.subscribe(USER, () => {})
    await pass(10)
    expect(kycStepOf(USER, 'poa', fresh.getState(USER))).toEqual(before)
    fresh.close()
  })

  it('is that an approval was revoked', async () => {
    const { relay, poa: known } = await openPage({}, (relay) => relay.emit(USER, poa('APPROVED')))
    relay.emit(USER, poa('REJECTED'))
    await pass(10)
    expect(known()).toBe('action_needed')
  })

  it.each([
    ['that was received later, without times', {}, {}, 'action_needed'],
    ['that happened later', { occurredAt: '2026-11-23T12:00:00Z' }, { occurredAt: '2026-11-23T11:00:00Z' }, 'approved'],
  ])('is what the event says %s', async (_, first, second, expected) => {
    const { relay, poa: known } = await openPage()
    relay.emit(USER, poa('APPROVED', first))
    relay.emit(USER, poa('QUESTIONED', second))
    await pass(10)
    expect(known()).toBe(expected)
  })

  it('is replaced by what a store says that has lost its history', async () => {
    const {
      relay,
      client,
      poa: known,
    } = await openPage({}, (relay) => {
      relay.emit(USER, poa('APPROVED'))
      relay.emit(USER, { frame: 'user-balance', status: 'ACTIVE' })
    })
    const other = createMockRelay()
    other.emit(USER, poa('QUESTIONED'))
    relay.respond((request) => other.fetch(request))
    relay.drop()
    await pass(3000)
    expect(known()).toBe('action_needed')
    expect(stateOf(client, 'user-balance')).toBe('none')
  })

  it('is forgotten at sign-out', async () => {
    const { relay, client, state, poa: known } = await openPage({}, (relay) => relay.emit(USER, poa('APPROVED')))
    await client.beginUpload(USER, { step: 'kyc-verification' })
    client.setSending(USER, 'poa', true)
    client.signOut()
    expect(state()).toMatchObject({ isHeard: false, steps: new Map(), sending: new Set() })
    expect(known()).toBeNull()
    relay.emit(USER, poa('QUESTIONED'))
    client.reconnect(USER)
    await pass(10)
    expect(known()).toBe('action_needed')
  })
})

describe('a frame', () => {
  const receivedAt = '2026-11-23T12:00:00.000Z'
  const step = { externalUserId: USER, status: 'WAITING', state: 'in_review', receivedAt }

  /** A relay whose stream begins with this frame. */
  const sending = (event: string, data: unknown) => {
    const sync = { cursor: '5-0', now: receivedAt, complete: true, heartbeat: 15 }
    const frames = [
      `event: ${event}\nid: 5-0\ndata: ${JSON.stringify(data)}\n\n`,
      `event: sync\ndata: ${JSON.stringify(sync)}\n\n`,
    ]
    const fetch: typeof globalThis.fetch = async (_, init) => {
      if (!isForStream(init)) return new Promise(() => {})
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode(frames.join(''))),
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    }
    return openPage({ fetch })
  }

  it.each<[string, string, object]>([
    ['about another user', 'poa', { ...step, externalUserId: 'somebody else' }],
    ['without a status', 'poa', { ...step, status: undefined }],
    ['whose time is a number', 'poa', { ...step, receivedAt: 7 }],
    ['that happened at a number', 'poa', { ...step, occurredAt: 7 }],
    ['with a reason that is no text', 'mine', { ...step, reason: {} }],
  ])('%s is a bad response', async (_, frame, data) => {
    const { state } = await sending(frame, data)
    expect(state().connection.cause).toMatchObject({
      code: 'bad_response',
      message: `the relay sent a bad ${frame} frame`,
    })
    expect(state().isHeard).toBe(false)
  })

  it.each<[string, string, unknown]>([
    ['without a state', 'poa', { externalUserId: USER, status: 'WAITING', receivedAt }],
    ['whose state is something else', 'progress', { state: { percent: 3 } }],
    ['that is no object', 'greeting', 'hello'],
    ['that is nothing', 'nothing', null],
  ])('%s is ignored: a newer relay may send it', async (_, frame, data) => {
    const { client, state } = await sending(frame, data)
    expect(state().connection).toMatchObject({ status: 'open', cause: null })
    expect(stateOf(client, frame)).toBe('none')
  })

  it.each(['poa', 'mine', 'constructor', '__proto__'])('named %s with a state is a step', async (frame) => {
    const { client } = await sending(frame, { ...step, isNew: true })
    expect(stateOf(client, frame)).toBe('in_review')
  })

  it('with a state that this version does not know is unknown', async () => {
    const { client } = await sending('poa', { ...step, state: 'paused' })
    expect(stateOf(client)).toBe('unknown')
  })
})

describe('an upload for a step', () => {
  it('is in review from its first state on, and never shows yesterday’s answer', async () => {
    const { relay, client, poa: known } = await openPage({}, (relay) => relay.emit(USER, poa('QUESTIONED')))
    expect(known()).toBe('action_needed')
    const states = new Set<string | null>()
    client.subscribe(USER, () => states.add(known()))
    const beginning = client.beginUpload(USER, { step: 'poa' })
    expect(known()).toBe('in_review')
    await beginning
    relay.drop()
    await pass(5000)
    expect(states).toEqual(new Set(['in_review']))
    relay.emit(USER, poa('APPROVED'))
    await pass(10)
    expect(known()).toBe('approved')
  })

  it('has the point that the relay names, and an id of its own', async () => {
    const { client, state } = await openPage({}, (relay) => relay.emit(USER, poa('QUESTIONED')))
    const attempt = await client.beginUpload(USER, { step: 'poa' })
    expect(attempt.cursor).toMatch(/^\d+-\d+$/)
    expect(state().steps.get('poa')?.attempt).toMatchObject({ id: attempt.id, cursor: attempt.cursor })
    expect(state().attempt).toBeNull()
    expect(state().status?.attemptId).toBeNull()
  })

  it('is not answered by what was on its way before it', async () => {
    const { relay, client, poa: known } = await openPage()
    relay.respond('network')
    relay.drop()
    relay.emit(USER, poa('REJECTED'))
    relay.respond(null)
    const beginning = client.beginUpload(USER, { step: 'poa' })
    await pass(3500)
    await beginning
    await pass(10_000)
    expect(known()).toBe('in_review')
  })

  it('takes its point by the clock where the relay does not answer for 3 s', async () => {
    const { relay, client, poa: known } = await openPage({}, (relay) => relay.emit(USER, poa('QUESTIONED')))
    relay.hang()
    relay.drop()
    let isLetGo = false
    void client.beginUpload(USER, { step: 'poa' }).then(() => {
      isLetGo = true
    })
    await pass(2900)
    expect(isLetGo).toBe(false)
    await pass(200)
    expect(isLetGo).toBe(true)
    relay.emit(USER, poa('WAITING'))
    relay.emit(USER, poa('REJECTED'))
    relay.respond(null)
    await pass(30_000)
    expect(known()).toBe('action_needed')
  })

  it('lives beside those of other steps, and ends alone', async () => {
    const {
      relay,
      client,
      state,
      poa: known,
    } = await openPage({}, (relay) => {
      relay.emit(USER, poa('QUESTIONED'))
      relay.emit(USER, 'ERROR')
    })
    const [file, proof] = await Promise.all([client.beginUpload(USER), client.beginUpload(USER, { step: 'poa' })])
    expect(file.id).not.toBe(proof.id)
    expect(state()).toMatchObject({ attempt: { id: file.id }, status: { outcome: 'waiting' } })
    relay.emit(USER, poa('APPROVED'))
    await pass(10)
    expect(known()).toBe('approved')
    expect(state().status?.outcome).toBe('waiting')
    client.clear(USER)
    expect(state()).toMatchObject({ attempt: null, status: { outcome: 'error' } })
    expect(kycStepOf(USER, 'poa', state())?.attemptId).toBe(proof.id)
    client.clear(USER, { step: 'poa' })
    expect(kycStepOf(USER, 'poa', state())).toMatchObject({ state: 'approved', attemptId: null })
  })

  it('that ends unanswered shows again what was before', async () => {
    const { client, poa: known } = await openPage({}, (relay) => relay.emit(USER, poa('QUESTIONED')))
    await client.beginUpload(USER, { step: 'poa' })
    client.clear(USER, { step: 'poa' })
    expect(known()).toBe('action_needed')
  })

  it('has its point from the snapshot of one that began a moment before', async () => {
    const { relay, client, state } = await openPage()
    const asked = () => relay.received.filter(({ accept }) => accept === 'application/json').length
    relay.hang()
    void client.beginUpload(USER)
    void client.beginUpload(USER, { step: 'poa' })
    await pass(10)
    expect(asked()).toBe(2)
    relay.respond(null)
    relay.drop()
    // The line waits 2 s at most, and an upload 3 s.
    await pass(2500)
    const points = [state().attempt?.cursor, state().steps.get('poa')?.attempt?.cursor]
    expect(points[0]).toMatch(/-/)
    expect(points[0]).toBe(points[1])
  })

  it('refuses to count files of another step than kyc-file', async () => {
    const { client } = mockPage()
    const options: { step: string; files?: number } = { step: 'poa', files: 2 }
    await expect(client.beginUpload(USER, options)).rejects.toMatchObject({ code: 'invalid_options' })
    await expect(client.beginUpload(USER, { step: 7 as never })).rejects.toMatchObject({ code: 'invalid_options' })
    await client.beginUpload(USER, { step: 'kyc-file', files: 2 })
    expect(client.getState(USER).status?.files.expected).toBe(2)
  })

  it('outlives a reload, with what was known of the other steps', async () => {
    stubSessionStorage()
    const { relay, client } = await openPage({}, (relay) => {
      relay.emit(USER, poa('QUESTIONED'))
      relay.emit(USER, { frame: 'user-balance', status: 'ACTIVE' })
    })
    const attempt = await client.beginUpload(USER, { step: 'poa' })
    client.close()
    relay.emit(USER, poa('WAITING'))
    relay.respond('network')
    const reloaded = createKycStatusClient({ url: relay.url, fetch: relay.fetch })
    reloaded.subscribe(USER, () => {})
    await pass(10)
    expect(kycStepOf(USER, 'poa', reloaded.getState(USER))).toMatchObject({
      state: 'in_review',
      status: null,
      attemptId: attempt.id,
    })
    expect(stateOf(reloaded, 'user-balance')).toBeNull()
    relay.respond(null)
    await pass(5000)
    expect(kycStepOf(USER, 'poa', reloaded.getState(USER))).toMatchObject({ state: 'in_review', status: 'WAITING' })
    expect(stateOf(reloaded, 'user-balance')).toBe('approved')
    reloaded.clear(USER, { step: 'poa' })
    expect(sessionStorage.length).toBe(0)
    reloaded.close()
  })

  it.each([
    '{"attempt":null,"cursor":"5-0","latest":null,"unplaced":[]}',
    '{"cursor":"5-0","steps":[["poa",{}]]}',
    '[]',
  ])('is forgotten where somebody has changed what was kept: %s', async (text) => {
    stubSessionStorage()
    const relay = createMockRelay()
    sessionStorage.setItem(`kyc-upload-status ${relay.url} ${USER}`, text)
    const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch })
    client.subscribe(USER, () => {})
    await pass(10)
    expect(relay.received[0]?.lastEventId).toBeNull()
    expect(stateOf(client)).toBe('none')
    client.close()
  })
})

describe('setSending', () => {
  it('is a part of the state, and another object only where it changes', async () => {
    const { client, state } = mockPage()
    const before = state()
    client.setSending(USER, 'poa', false)
    expect(state()).toBe(before)
    client.setSending(USER, 'poa', true)
    client.setSending(USER, 'kyc-file', true)
    const { sending } = state()
    expect(sending).toEqual(new Set(['poa', 'kyc-file']))
    client.setSending(USER, 'poa', true)
    expect(state().sending).toBe(sending)
    client.setSending(USER, 'poa', false)
    expect(state().sending).toEqual(new Set(['kyc-file']))
  })

  it('tells those who read, and opens no line', async () => {
    const { relay, client } = await openPage()
    const listener = vi.fn()
    client.subscribe(USER, listener)
    const { requests } = relay
    client.setSending(USER, 'poa', true)
    expect(listener).toHaveBeenCalledOnce()
    await pass(100)
    expect(relay.requests).toBe(requests)
  })
})

describe('onStep', () => {
  /** Until what is loaded for it is there. */
  const settle = async () => {
    await pass(10)
    await vi.dynamicImportSettled()
    await pass(10)
  }

  it('is told each event that decides, once, and not what the first `sync` brings', async () => {
    const onStep = vi.fn()
    const { relay } = await openPage({ onStep }, (relay) => relay.emit(USER, poa('QUESTIONED')))
    await settle()
    expect(onStep).not.toHaveBeenCalled()
    relay.emit(USER, poa('APPROVED'))
    relay.emit(USER, poa('WAITING'))
    relay.emit(USER, 'ADDED')
    await settle()
    expect(onStep).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ step: 'poa', state: 'approved', status: 'APPROVED' }),
      { externalUserId: USER },
    )
    relay.drop()
    await pass(5000)
    await settle()
    expect(onStep).toHaveBeenCalledOnce()
    relay.emit(USER, { frame: 'user-balance', status: 'ACTIVE' })
    await settle()
    expect(onStep.mock.calls[1]?.[0]).toMatchObject({ step: 'user-balance', state: 'approved' })
  })

  it('is not told of an upload that begins or ends', async () => {
    const onStep = vi.fn()
    const { client } = await openPage({ onStep }, (relay) => relay.emit(USER, poa('QUESTIONED')))
    await client.beginUpload(USER, { step: 'poa' })
    client.clear(USER, { step: 'poa' })
    await settle()
    expect(onStep).not.toHaveBeenCalled()
  })

  it('is told what comes after a line was lost', async () => {
    const onStep = vi.fn()
    const { relay } = await openPage({ onStep })
    relay.respond('network')
    relay.drop()
    relay.emit(USER, poa('WAITING'))
    relay.respond(null)
    await pass(5000)
    await settle()
    expect(onStep.mock.calls.map(([{ state }]) => state)).toEqual(['in_review'])
  })

  it('is told in one of two pages of a browser', async () => {
    stubLocalStorage()
    const onStep = vi.fn()
    const { relay } = await openPage({ onStep })
    const other = createKycStatusClient({ url: relay.url, fetch: relay.fetch, onStep })
    other.subscribe(USER, () => {})
    await settle()
    relay.emit(USER, poa('APPROVED'))
    await settle()
    expect(stateOf(other)).toBe('approved')
    expect(onStep).toHaveBeenCalledOnce()
    other.close()
  })
})

function stubStorage(name: 'localStorage' | 'sessionStorage'): void {
  const items = new Map<string, string>()
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
    removeItem: (key: string) => items.delete(key),
    get length() {
      return items.size
    },
  }
  vi.stubGlobal(name, storage)
}
const stubSessionStorage = () => stubStorage('sessionStorage')
const stubLocalStorage = () => stubStorage('localStorage')
