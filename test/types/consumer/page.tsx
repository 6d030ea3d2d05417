// An application's page, in a project without the types of Node.js.
// `consumer.node.test.ts` compiles it against the packed package.
import { type QueryClient, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import {
  type ConnectionState,
  createKycStatusClient,
  type FileCounts,
  type GetToken,
  InvalidOptionsError,
  type KycFileStatus,
  type KycMessages,
  type KycStatusClient,
  KycStatusError,
  type KycStatusErrorCode,
  KycStatusProvider,
  type KycUploadAttempt,
  KycUploadStatus,
  kycFileStatusOptions,
  kycKeys,
  type UseKycFileStatusOptions,
  type UseKycFileStatusResult,
  useKycFileStatus,
  useSuspenseKycFileStatus,
} from 'kyc-upload-status'
import { type ChannelState, createKycStatusClient as createClientOnly, openEventStream } from 'kyc-upload-status/client'
import { en } from 'kyc-upload-status/messages/en'
import { ptBR } from 'kyc-upload-status/messages/pt-BR'
import { ptBR as timelinePtBR } from 'kyc-upload-status/messages/timeline/pt-BR'
import { KycTimelineRoot, KycTimelineTitle } from 'kyc-upload-status/parts'
import { type KycFileEvent, kycFileEventSchema, kycFileWebhook } from 'kyc-upload-status/protocol'
import { createMockRelay, type MockRelay } from 'kyc-upload-status/testing'
import {
  type KycStep,
  KycStepStatus,
  KycTimeline,
  type KycTimelineData,
  kycStepOptions,
  type UseKycStepResult,
  useKycStep,
  useKycTimeline,
  useSuspenseKycStep,
} from 'kyc-upload-status/timeline'
import type { ReactNode } from 'react'
import 'kyc-upload-status/styles.css'

const getToken: GetToken = async ({ reason, signal }) => (await fetch(`/kyc-token?${reason}`, { signal })).text()
const client: KycStatusClient = createKycStatusClient({ url: '/kyc', getToken, retry: { base: 100 } })
const messages: KycMessages = { ...en, added: { title: 'Thanks', description: en.added.description } }

/** Compiles only if the outcome narrows the time. */
function since(status: KycFileStatus): string {
  switch (status.outcome) {
    case 'none':
      return status.at ?? 'never'
    case 'waiting':
    case 'added':
    case 'error':
      return status.at
  }
}

export function Upload({ userId, onRetry }: { userId: string; onRetry: () => void }): ReactNode {
  const options: UseKycFileStatusOptions = { enabled: userId !== '', overdueAfter: 90_000 }
  const upload: UseKycFileStatusResult = useKycFileStatus(userId, options)
  const { data: files } = useKycFileStatus(userId, { select: (status) => status.files })
  const counts: FileCounts | undefined = files
  const line: ConnectionState = upload.connection
  const code: KycStatusErrorCode | undefined = upload.error?.code
  const begin = async (): Promise<KycUploadAttempt> => upload.beginUpload({ files: 2 })
  return (
    <KycStatusProvider client={client} messages={ptBR}>
      <KycUploadStatus externalUserId={userId} onRetry={onRetry} messages={messages} className="card" />
      <button type="button" onClick={() => void begin().catch(upload.clear)}>
        {upload.data ? since(upload.data) : line.status} {counts?.added} {code}
      </button>
    </KycStatusProvider>
  )
}

export function Queries({ userId }: { userId: string }): ReactNode {
  const options = kycFileStatusOptions(client, { externalUserId: userId })
  const maybe: KycFileStatus | undefined = useQuery(options).data
  const always: KycFileStatus = useSuspenseQuery(options).data
  return maybe?.outcome ?? always.outcome
}

export async function cached(queryClient: QueryClient): Promise<KycFileStatus | undefined> {
  const options = kycFileStatusOptions(client, { externalUserId: 'user' })
  const fetched: KycFileStatus = await queryClient.fetchQuery(options)
  queryClient.setQueryData(options.queryKey, (known) => known ?? fetched)
  queryClient.removeQueries({ queryKey: kycKeys.fileStatuses() })
  return queryClient.getQueryData(options.queryKey)
}

export function words(text: string): KycFileEvent['status'] | null {
  const parsed = kycFileEventSchema.safeParse(JSON.parse(text))
  const frame: 'kyc-file' = kycFileWebhook.frame
  return parsed.success && frame === 'kyc-file' ? parsed.data.status : null
}

export function test(): ChannelState {
  const relay: MockRelay = createMockRelay()
  relay.emit('user', 'ADDED')
  try {
    return createClientOnly({ url: relay.url, fetch: relay.fetch }).getState('user')
  } catch (error) {
    if (error instanceof InvalidOptionsError || error instanceof KycStatusError) throw new Error(error.code)
    throw error
  }
}

// A package whose types were not found would be `any`, and take this.
// @ts-expect-error: not an option
createKycStatusClient({ url: '/kyc', token: 'secret' })
// @ts-expect-error: whose document?
kycFileStatusOptions(client, {})
// @ts-expect-error: the provider knows two words
createMockRelay().emit('user', 'added')

export function InSuspense({ userId }: { userId: string }): ReactNode {
  const { data, connection } = useSuspenseKycFileStatus(userId)
  return (
    <p>
      {since(data)} {connection.transport ?? 'stream'}
    </p>
  )
}

export async function readRaw(): Promise<string[]> {
  const names: string[] = []
  for await (const item of openEventStream('/stream', { headers: { authorization: 'x' }, lastEventId: '1-0' })) {
    if (item.type === undefined) names.push(item.state)
    else names.push(item.type, item.data, item.lastEventId)
  }
  return names
}

/** The other steps of onboarding. */
export function Steps({ userId }: { userId: string }): ReactNode {
  const poa: UseKycStepResult = useKycStep(userId, 'poa')
  const step: KycStep = useSuspenseKycStep(userId, 'poa').data
  const timeline: KycTimelineData | undefined = useKycTimeline(userId, { steps: ['poa', 'credit'] }).data
  const asked: KycStep | undefined = useQuery(kycStepOptions(client, { externalUserId: userId, step: 'poa' })).data
  return (
    <KycStatusProvider client={client} messages={{ ...ptBR, timeline: timelinePtBR }}>
      <KycTimeline externalUserId={userId} steps={['poa', 'credit']} actions={{ poa: ({ state }) => state }} />
      <KycStepStatus externalUserId={userId} step="poa" className={({ state }) => state} />
      <KycTimelineRoot externalUserId={userId} steps={['poa']}>
        <KycTimelineTitle headingLevel={3} />
      </KycTimelineRoot>
      <button type="button" onClick={() => void poa.beginUpload().catch(poa.clear)}>
        {step.state} {timeline?.overall} {asked?.status}
      </button>
    </KycStatusProvider>
  )
}
