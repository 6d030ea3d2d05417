// Type tests: nothing here runs, `npm run typecheck` compiles it. See `hook.test-d.tsx`.
import { QueryClient, useQueries, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { expectTypeOf, it } from 'vitest'
import {
  createKycStatusClient,
  type KycFileStatus,
  type KycStatusError,
  kycFileStatusOptions,
} from '../../src/react/index.ts'

const client = createKycStatusClient({ url: '/kyc' })
const queryClient = new QueryClient()
const options = kycFileStatusOptions(client, { externalUserId: 'user' })

it('goes with useQuery', () => {
  const query = useQuery(options)
  expectTypeOf(query.data).toEqualTypeOf<KycFileStatus | undefined>()
  expectTypeOf(query.error).toEqualTypeOf<KycStatusError | null>()
  if (query.data?.outcome === 'added') expectTypeOf(query.data.at).toEqualTypeOf<string>()
})

it('goes with a select of the caller', () => {
  const { data } = useQuery({ ...options, select: (status) => status.files.added })
  expectTypeOf(data).toEqualTypeOf<number | undefined>()
})

it('goes with useSuspenseQuery, which has data always', () => {
  const { data, error } = useSuspenseQuery(options)
  expectTypeOf(data).toEqualTypeOf<KycFileStatus>()
  expectTypeOf(error).toEqualTypeOf<KycStatusError | null>()
})

it('goes with useQueries', () => {
  const [{ data, error }] = useQueries({ queries: [options] })
  expectTypeOf(data).toEqualTypeOf<KycFileStatus | undefined>()
  expectTypeOf(error).toEqualTypeOf<KycStatusError | null>()
})

it('can be fetched before a page renders', async () => {
  expectTypeOf(await queryClient.fetchQuery(options)).toEqualTypeOf<KycFileStatus>()
  expectTypeOf(await queryClient.ensureQueryData(options)).toEqualTypeOf<KycFileStatus>()
  expectTypeOf(await queryClient.prefetchQuery(options)).toEqualTypeOf<void>()
})

it('has a key that knows what is cached for it', () => {
  expectTypeOf(queryClient.getQueryData(options.queryKey)).toEqualTypeOf<KycFileStatus | undefined>()
  expectTypeOf(queryClient.getQueryState(options.queryKey)?.error).toEqualTypeOf<KycStatusError | null | undefined>()
  queryClient.setQueryData(options.queryKey, (known) => {
    expectTypeOf(known).toEqualTypeOf<KycFileStatus | undefined>()
    return known
  })
  // @ts-expect-error: not the status of an upload
  queryClient.setQueryData(options.queryKey, { outcome: 'added' })
  // @ts-expect-error: where nothing was uploaded there is no time
  queryClient.setQueryData(options.queryKey, (known) => known && { ...known, outcome: 'none', at: '2026-11-23' })
})

it('asks for a client and a user', () => {
  // @ts-expect-error: whose document?
  kycFileStatusOptions(client, {})
  // @ts-expect-error: the client comes first
  kycFileStatusOptions({ externalUserId: 'user' })
  // @ts-expect-error: not an option
  kycFileStatusOptions(client, { externalUserId: 'user', enabled: false })
})
