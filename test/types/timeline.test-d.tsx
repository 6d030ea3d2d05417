// Type tests: nothing here runs. `npm run typecheck` compiles them with the rest of `test/`, and fails where a type is another
// one than expected, or where a line below `@ts-expect-error` is none.
import { skipToken, useQuery } from '@tanstack/react-query'
import { expectTypeOf, it } from 'vitest'
import { type KycStatusError, KycStatusProvider, useKycStatusClient } from '../../src/react/index.ts'
import { en } from '../../src/react/messages/en.ts'
import { de } from '../../src/react/messages/timeline/de.ts'
import {
  type KycControls,
  type KycOverallState,
  type KycStep,
  type KycStepState,
  KycStepStatus,
  KycTimeline,
  type KycTimelineData,
  type KycTimelineMessages,
  type KycTimelineState,
  kycStepOptions,
  kycTimelineOptions,
  type UseKycStepResult,
  useKycStep,
  useKycTimeline,
  usePoaStatus,
  useSuspenseKycStep,
} from '../../src/react/timeline/index.ts'

it('gives a step as TanStack Query’s own result, with what one can do beside it', () => {
  const poa = usePoaStatus('user')
  expectTypeOf(poa).toEqualTypeOf<UseKycStepResult>()
  expectTypeOf(poa.data).toEqualTypeOf<KycStep | undefined>()
  expectTypeOf(poa.error).toEqualTypeOf<KycStatusError | null>()
  expectTypeOf(poa.connection).toEqualTypeOf<KycControls['connection']>()
  expectTypeOf<KycStep['state']>().toEqualTypeOf<KycStepState | 'none'>()
  if (poa.isSuccess) expectTypeOf(poa.data).toEqualTypeOf<KycStep>()
  // @ts-expect-error: reviews take days, so that nothing is overdue
  poa.isOverdue
  // @ts-expect-error: what is returned is not to be written to
  poa.reconnect = () => {}
})

it('takes any step, a user, and nobody', () => {
  useKycStep('user', 'poa')
  useKycStep(skipToken, 'credit')
  // @ts-expect-error: which step?
  useKycStep('user')
  expectTypeOf(useKycStep('user', 'poa', { select: ({ state }) => state === 'approved' }).data).toEqualTypeOf<
    boolean | undefined
  >()
  expectTypeOf(useSuspenseKycStep('user', 'poa').data).toEqualTypeOf<KycStep>()
})

it('gives a timeline of the steps that are asked for', () => {
  const timeline = useKycTimeline('user', { steps: ['kyc-file', 'credit'] as const })
  expectTypeOf(timeline.data).toEqualTypeOf<KycTimelineData | undefined>()
  expectTypeOf<KycTimelineData['overall']>().toEqualTypeOf<KycOverallState>()
  expectTypeOf<KycTimelineData['steps'][number]['state']>().toEqualTypeOf<KycTimelineState>()
  void timeline.beginUpload({ step: 'poa' })
  timeline.clear({ step: 'poa' })
  // @ts-expect-error: of which step?
  timeline.clear()
  // @ts-expect-error: of which steps?
  useKycTimeline('user')
})

it('has queries for everything else in TanStack Query', () => {
  const client = useKycStatusClient()
  expectTypeOf(useQuery(kycStepOptions(client, { externalUserId: 'user', step: 'poa' })).data).toEqualTypeOf<
    KycStep | undefined
  >()
  expectTypeOf(useQuery(kycTimelineOptions(client, { externalUserId: 'user', steps: ['poa'] })).data).toEqualTypeOf<
    KycTimelineData | undefined
  >()
})

it('takes texts of a catalogue, single ones, and those of steps of one’s own', () => {
  const client = useKycStatusClient()
  expectTypeOf(de).toExtend<KycTimelineMessages>()
  void (
    <KycStatusProvider client={client} messages={{ ...en, timeline: de }}>
      <KycTimeline
        externalUserId="user"
        steps={['poa', 'credit']}
        messages={{ title: 'Here', states: { done: 'Ready' }, steps: { credit: { name: 'Credit' } } }}
        actions={{ poa: <a href="/proof">Upload</a>, credit: ({ state }) => (state === 'todo' ? 'Ask us' : null) }}
        className={({ overall }) => overall}
      />
      <KycStepStatus externalUserId="user" step="poa" className={({ state }) => state} reasons={{ old: 'Too old.' }} />
      {/* @ts-expect-error: which steps? */}
      <KycTimeline externalUserId="user" />
      {/* @ts-expect-error: there is no such state */}
      <KycTimeline externalUserId="user" steps={['poa']} messages={{ states: { approved: 'Yes' } }} />
    </KycStatusProvider>
  )
})
