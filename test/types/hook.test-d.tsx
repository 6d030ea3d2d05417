// Type tests: nothing here runs. `npm run typecheck` compiles them with the rest of `test/`, and fails where a type is another
// one than expected, or where a line below `@ts-expect-error` is none.
import { type QueryKey, skipToken } from '@tanstack/react-query'
import { expectTypeOf, it } from 'vitest'
import {
  type ConnectionState,
  type FileCounts,
  type KycFileStatus,
  type KycMessages,
  type KycStatusError,
  type KycStatusErrorCode,
  KycStatusProvider,
  type KycUploadAttempt,
  KycUploadStatus,
  kycKeys,
  type UseKycFileStatusOptions,
  type UseKycFileStatusResult,
  useKycFileStatus,
  useSuspenseKycFileStatus,
} from '../../src/react/index.ts'

type Outcome = KycFileStatus['outcome']

it('knows four outcomes, and a time for all but none', () => {
  const { data } = useKycFileStatus('user')
  expectTypeOf(data).toEqualTypeOf<KycFileStatus | undefined>()
  expectTypeOf<Outcome>().toEqualTypeOf<'none' | 'waiting' | 'added' | 'error'>()
  expectTypeOf<KycFileStatus['at']>().toEqualTypeOf<string | null>()
  expectTypeOf<Extract<KycFileStatus, { outcome: 'none' }>['at']>().toEqualTypeOf<null>()
  expectTypeOf<Extract<KycFileStatus, { outcome: 'waiting' }>['at']>().toEqualTypeOf<string>()
  expectTypeOf<Extract<KycFileStatus, { outcome: 'added' }>['at']>().toEqualTypeOf<string>()
  expectTypeOf<Extract<KycFileStatus, { outcome: 'error' }>['at']>().toEqualTypeOf<string>()
  expectTypeOf<KycFileStatus['files']>().toEqualTypeOf<FileCounts>()
  expectTypeOf<KycFileStatus['attemptId']>().toEqualTypeOf<string | null>()
})

it('narrows by the outcome', () => {
  const { data } = useKycFileStatus('user')
  if (!data) return
  if (data.outcome === 'none') expectTypeOf(data.at).toEqualTypeOf<null>()
  else expectTypeOf(data.at).toEqualTypeOf<string>()
  switch (data.outcome) {
    case 'none':
    case 'waiting':
    case 'added':
    case 'error':
      break
    default:
      expectTypeOf(data).toEqualTypeOf<never>()
  }
  // @ts-expect-error: the webhook's ADDED is no outcome
  if (data.outcome === 'ADDED') return
})

it('narrows by the status of TanStack Query, whose result it is', () => {
  const upload = useKycFileStatus('user')
  // @ts-expect-error: nothing is known before the relay was heard
  upload.data.outcome
  if (upload.isSuccess) expectTypeOf(upload.data).toEqualTypeOf<KycFileStatus>()
  if (upload.isPending) expectTypeOf(upload.data).toEqualTypeOf<undefined>()
  if (upload.status === 'error') expectTypeOf(upload.error).toEqualTypeOf<KycStatusError>()
  expectTypeOf(upload.isFetching).toEqualTypeOf<boolean>()
})

it('has errors of one class, with a code', () => {
  const { error } = useKycFileStatus('user')
  expectTypeOf(error).toEqualTypeOf<KycStatusError | null>()
  expectTypeOf<KycStatusError>().toExtend<Error>()
  expectTypeOf<KycStatusError['code']>().toEqualTypeOf<KycStatusErrorCode>()
  expectTypeOf<KycStatusError['status']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<'forbidden'>().toExtend<KycStatusErrorCode>()
  // @ts-expect-error: a refused document is no error of the line
  expectTypeOf<'ERROR'>().toExtend<KycStatusErrorCode>()
})

it('has beside it the line and what can be done', async () => {
  const upload = useKycFileStatus('user')
  expectTypeOf(upload).toEqualTypeOf<UseKycFileStatusResult>()
  expectTypeOf(upload.connection).toEqualTypeOf<ConnectionState>()
  expectTypeOf(upload.connection.status).toEqualTypeOf<
    'idle' | 'connecting' | 'open' | 'reconnecting' | 'paused' | 'failed'
  >()
  expectTypeOf(upload.connection.pauseReason).toEqualTypeOf<'hidden' | 'offline' | null>()
  expectTypeOf(upload.isOverdue).toEqualTypeOf<boolean>()
  expectTypeOf(upload.clear).toEqualTypeOf<() => void>()
  expectTypeOf(upload.reconnect).toEqualTypeOf<() => void>()
  // @ts-expect-error: it is read, not written
  upload.isOverdue = true
})

it('begins uploads, of one file or several', async () => {
  const { beginUpload } = useKycFileStatus('user')
  expectTypeOf(beginUpload).toEqualTypeOf<(options?: { files?: number }) => Promise<KycUploadAttempt>>()
  const attempt = await beginUpload({ files: 2 })
  expectTypeOf(attempt).toEqualTypeOf<KycUploadAttempt>()
  expectTypeOf(attempt.id).toEqualTypeOf<string>()
  expectTypeOf(attempt.files).toEqualTypeOf<number>()
  expectTypeOf(attempt.startedAt).toEqualTypeOf<number>()
  expectTypeOf(attempt.cursor).toEqualTypeOf<string | null>()
  // @ts-expect-error: an attempt is read, not written
  attempt.files = 3
  // @ts-expect-error: expected a number
  await beginUpload({ files: '2' })
  // @ts-expect-error: not an option
  await beginUpload({ file: 2 })
})

it('has the type of data that select returns', () => {
  const { data: outcome } = useKycFileStatus('user', { select: (status) => status.outcome })
  expectTypeOf(outcome).toEqualTypeOf<Outcome | undefined>()

  const upload = useKycFileStatus('user', {
    select: (status) => {
      expectTypeOf(status).toEqualTypeOf<KycFileStatus>()
      return { missing: status.files.expected - status.files.added }
    },
  })
  expectTypeOf(upload).toEqualTypeOf<UseKycFileStatusResult<{ missing: number }>>()
  if (upload.isSuccess) expectTypeOf(upload.data).toEqualTypeOf<{ missing: number }>()
  expectTypeOf(upload.error).toEqualTypeOf<KycStatusError | null>()
  // @ts-expect-error: select has left it out
  upload.data?.outcome
})

it('takes options that it knows', () => {
  const isSignedIn: boolean = Date.now() > 0
  useKycFileStatus('user', { enabled: isSignedIn, overdueAfter: 90_000, throwOnError: true })
  expectTypeOf<UseKycFileStatusOptions>().toExtend<{
    enabled?: unknown
    overdueAfter?: number
    throwOnError?: boolean
  }>()
  // @ts-expect-error: there is always somebody whose document it is
  useKycFileStatus()
  // @ts-expect-error: expected text
  useKycFileStatus(42)
  // @ts-expect-error: expected true or false
  useKycFileStatus('user', { enabled: 'yes' })
  // @ts-expect-error: expected milliseconds
  useKycFileStatus('user', { overdueAfter: '60s' })
  // @ts-expect-error: not an option; trying again is the connection's business
  useKycFileStatus('user', { retry: 3 })
  // @ts-expect-error: not an option; the package brings its own
  useKycFileStatus('user', { queryKey: ['mine'] })
})

it('has keys that find its queries', () => {
  expectTypeOf(kycKeys.all).toExtend<QueryKey>()
  expectTypeOf(kycKeys.fileStatuses()).toEqualTypeOf<readonly ['kyc-upload-status', 'file-status']>()
  expectTypeOf(kycKeys.fileStatus('user', null)).toExtend<QueryKey>()
  expectTypeOf(kycKeys.fileStatus('user', 'attempt', '/kyc')[2]).toEqualTypeOf<string>()
  // @ts-expect-error: `null` says that no upload was begun
  kycKeys.fileStatus('user')
})

it('has components that say what is missing', () => {
  const messages: Partial<KycMessages> = { retry: 'Once more', added: { title: 'Thanks', description: 'We have it.' } }
  expectTypeOf(
    <KycUploadStatus externalUserId="user" onRetry={() => {}} messages={messages} className="mine" />,
  ).toExtend<React.ReactNode>()
  // @ts-expect-error: whose document?
  expectTypeOf(<KycUploadStatus />)
  // @ts-expect-error: no text of ours
  expectTypeOf(<KycUploadStatus externalUserId="user" messages={{ success: 'Thanks' }} />)
  expectTypeOf(<KycUploadStatus externalUserId="user" messages={{ added: { title: 'Thanks' } }} />)
  // @ts-expect-error: a state has a title and a description
  expectTypeOf(<KycUploadStatus externalUserId="user" messages={{ added: { heading: 'Thanks' } }} />)
  // @ts-expect-error: which client?
  expectTypeOf(<KycStatusProvider>…</KycStatusProvider>)
})

it('lets a part be any element, or a component of the application', () => {
  const Button = (props: React.ComponentProps<'button'> & { variant: string }) => <button {...props} />
  const parts = [
    <KycUploadStatus.Retry key="a" render={(props) => <a href="/upload" {...props} />} />,
    <KycUploadStatus.Retry key="b" render={(props) => <Button {...props} variant="primary" />} />,
    <KycUploadStatus.Retry key="c" render={<Button variant="primary" />} />,
    <KycUploadStatus.Icon key="d" render={(props, { status }) => <i {...props} title={status} />} />,
  ]
  expectTypeOf(parts).toExtend<React.ReactNode>()
})

it('takes a user, or skipToken where nobody is yet', () => {
  const userId = 'user' as string | undefined
  expectTypeOf(useKycFileStatus(userId ?? skipToken).data).toEqualTypeOf<KycFileStatus | undefined>()
  // @ts-expect-error: undefined is not it
  useKycFileStatus(userId)
})

it('always has data in Suspense, which takes no user for granted', () => {
  const upload = useSuspenseKycFileStatus('user')
  expectTypeOf(upload.data).toEqualTypeOf<KycFileStatus>()
  expectTypeOf(upload.connection).toEqualTypeOf<ConnectionState>()
  expectTypeOf(useSuspenseKycFileStatus('user', { select: ({ files }) => files.added }).data).toEqualTypeOf<number>()
  // @ts-expect-error: a component that suspends can't wait for somebody to come
  useSuspenseKycFileStatus(skipToken)
  // @ts-expect-error: nor for being enabled
  useSuspenseKycFileStatus('user', { enabled: false })
})
