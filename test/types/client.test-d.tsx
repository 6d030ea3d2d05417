// Type tests: nothing here runs, `npm run typecheck` compiles it. See `hook.test-d.tsx`.
import { expectTypeOf, it } from 'vitest'
import {
  type ChannelState,
  createKycStatusClient,
  type GetToken,
  InvalidOptionsError,
  type KycFileStatus,
  type KycStatusClient,
  KycStatusError,
  type KycStep,
  type KycStepAttempt,
  type KycTimeline,
  type KycUploadAttempt,
  kycStepOf,
  kycTimelineOf,
} from '../../src/client/index.ts'
import * as react from '../../src/react/index.ts'
import { createMockRelay } from '../../src/testing/index.ts'

it('asks for the url of the relay, and for nothing else', () => {
  expectTypeOf(createKycStatusClient({ url: '/kyc' })).toEqualTypeOf<KycStatusClient>()
  // @ts-expect-error: missing url
  createKycStatusClient({})
  // @ts-expect-error: missing options
  createKycStatusClient()
  // @ts-expect-error: expected text
  createKycStatusClient({ url: new URL('https://relay.example') })
  // @ts-expect-error: not an option
  createKycStatusClient({ url: '/kyc', token: 'secret' })
  // @ts-expect-error: not an option
  createKycStatusClient({ url: '/kyc', retry: { times: 3 } })
  // @ts-expect-error: expected milliseconds
  createKycStatusClient({ url: '/kyc', connectTimeout: '10s' })
})

it('takes a function for tokens, which may wait', () => {
  createKycStatusClient({ url: '/kyc', getToken: () => 'token' })
  createKycStatusClient({ url: '/kyc', getToken: async () => 'token' })
  createKycStatusClient({
    url: '/kyc',
    getToken: async ({ reason, signal }) => {
      expectTypeOf(reason).toEqualTypeOf<'connect' | 'unauthorized'>()
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      return ''
    },
  })
  expectTypeOf<ReturnType<GetToken>>().toEqualTypeOf<string | Promise<string>>()
  // @ts-expect-error: a token, not a response
  createKycStatusClient({ url: '/kyc', getToken: () => fetch('/kyc-token') })
  // @ts-expect-error: no token is told by throwing
  createKycStatusClient({ url: '/kyc', getToken: () => null })
  // @ts-expect-error: it is asked for a new one each time
  createKycStatusClient({ url: '/kyc', getToken: 'token' })
})

it('tells what is known of a user', async () => {
  const client = createKycStatusClient({ url: '/kyc' })
  expectTypeOf(client.url).toEqualTypeOf<string>()
  expectTypeOf(client.getState('user')).toEqualTypeOf<ChannelState>()
  expectTypeOf(client.getState('user').status).toEqualTypeOf<KycFileStatus | null>()
  expectTypeOf(client.getState('user').error).toEqualTypeOf<KycStatusError | null>()
  expectTypeOf(client.subscribe('user', () => {})).toEqualTypeOf<() => void>()
  expectTypeOf(await client.ready('user', AbortSignal.timeout(1000))).toEqualTypeOf<ChannelState>()
  expectTypeOf(await client.beginUpload('user')).toEqualTypeOf<KycUploadAttempt>()
  expectTypeOf(await client.beginUpload('user', { files: 2 })).toEqualTypeOf<KycUploadAttempt>()
  expectTypeOf(client.clear('user')).toEqualTypeOf<void>()
  expectTypeOf(client.reconnect('user')).toEqualTypeOf<void>()
  expectTypeOf(client.close()).toEqualTypeOf<void>()
  // @ts-expect-error: whose upload?
  void client.beginUpload({ files: 2 })
  // @ts-expect-error: it belongs to the client
  client.url = '/other'
})

it('knows steps', async () => {
  const client = createKycStatusClient({
    url: '/kyc',
    onStep: (data, { externalUserId }) => {
      expectTypeOf(data).toEqualTypeOf<KycStep>()
      expectTypeOf(externalUserId).toEqualTypeOf<string>()
    },
  })
  expectTypeOf(await client.beginUpload('user', { step: 'poa' })).toEqualTypeOf<KycStepAttempt>()
  expectTypeOf(await client.beginUpload('user', { step: 'kyc-file', files: 2 })).toEqualTypeOf<KycUploadAttempt>()
  // @ts-expect-error: files are counted for kyc-file alone
  await client.beginUpload('user', { step: 'poa', files: 2 })
  client.clear('user', { step: 'poa', isSent: true })
  client.setSending('user', 'poa', true)
  const state = client.getState('user')
  const poa = kycStepOf('user', 'poa', state)
  expectTypeOf(poa).toEqualTypeOf<KycStep | null>()
  expectTypeOf(kycTimelineOf(['poa'], poa ? [poa] : [], state.sending)).toEqualTypeOf<KycTimeline>()
})

it('has error classes that narrow', () => {
  const caught: unknown = new Error()
  if (caught instanceof KycStatusError) expectTypeOf(caught.code).toExtend<string>()
  if (caught instanceof InvalidOptionsError) expectTypeOf(caught).toExtend<TypeError>()
  expectTypeOf<InvalidOptionsError['code']>().toEqualTypeOf<'invalid_options'>()
  // @ts-expect-error: not a code
  new KycStatusError('too_late', 'too late')
})

it('is the same client by either entry point', () => {
  expectTypeOf(react.createKycStatusClient).toEqualTypeOf<typeof createKycStatusClient>()
  expectTypeOf<react.KycStatusClient>().toEqualTypeOf<KycStatusClient>()
  expectTypeOf<react.KycFileStatus>().toEqualTypeOf<KycFileStatus>()
  expectTypeOf<react.KycUploadAttempt>().toEqualTypeOf<KycUploadAttempt>()
})

it('reads from a mock relay too', () => {
  const relay = createMockRelay()
  createKycStatusClient({ url: relay.url, fetch: relay.fetch })
  relay.emit('user', 'ADDED')
  relay.emit('user', 'ERROR')
  relay.emit('user', { frame: 'poa', status: 'APPROVED' })
  relay.emit('user', {
    frame: 'mine',
    status: 'done',
    state: 'approved',
    reason: 'why',
    occurredAt: '2026-11-23T12:00Z',
  })
  // @ts-expect-error: not a state
  relay.emit('user', { frame: 'mine', status: 'done', state: 'fine' })
  relay.respond('network')
  relay.respond(503)
  relay.respond(null)
  // @ts-expect-error: the provider knows two words
  relay.emit('user', 'added')
  // @ts-expect-error: a count is read, not written
  relay.connections = 0
})
