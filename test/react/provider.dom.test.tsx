import { renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, it } from 'vitest'
import {
  InvalidOptionsError,
  KycUpload,
  KycUploadStatus,
  useKycFileStatus,
  useKycStatusClient,
  useKycUpload,
  useSuspenseKycFileStatus,
} from '../../src/react/index.ts'
import { renderError, setUp, USER } from './render.tsx'

const upload = async () => {}

function Using({ hook }: { hook: () => unknown }): ReactNode {
  hook()
  return null
}

it('gives the client of the provider above', () => {
  const { client, provide } = setUp()
  const { result } = renderHook(() => useKycStatusClient(), { wrapper: ({ children }) => provide(children) })
  expect(result.current).toBe(client)
})

it.each<[string, () => ReactNode]>([
  ['KycUploadStatus', () => <KycUploadStatus externalUserId={USER} />],
  ['KycUploadStatus', () => <KycUploadStatus.Root externalUserId={USER} />],
  ['KycUpload', () => <KycUpload externalUserId={USER} upload={upload} />],
  ['useKycUpload', () => <Using hook={() => useKycUpload({ externalUserId: USER, upload })} />],
  ['useKycFileStatus', () => <Using hook={() => useKycFileStatus(USER)} />],
  ['useSuspenseKycFileStatus', () => <Using hook={() => useSuspenseKycFileStatus(USER)} />],
  ['useKycStatusClient', () => <Using hook={useKycStatusClient} />],
])('says that %s needs a provider', (name, ui) => {
  const error = renderError(ui())
  expect(error).toBeInstanceOf(InvalidOptionsError)
  expect(error).toMatchObject({ message: `${name}: expected a <KycStatusProvider client={…}> above` })
})
