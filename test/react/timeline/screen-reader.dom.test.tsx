import { virtual } from '@guidepup/virtual-screen-reader'
import { act, cleanup } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { KycTimeline } from '../../../src/react/timeline/index.ts'
import { setUp, USER } from '../render.tsx'

afterEach(async () => {
  await virtual.stop()
  cleanup()
})

it('is read as a list of steps, and each change is spoken as it comes, from start to end', async () => {
  const { relay, client, renderUi } = setUp()
  const { container } = renderUi(
    <KycTimeline
      externalUserId={USER}
      steps={['kyc-file', 'poa', 'kyc-verification', 'user-balance']}
      actions={{ poa: <a href="#upload">Upload proof of address</a> }}
    />,
  )
  await vi.waitFor(() => expect(container.textContent).toContain('There is more to do.'))
  await virtual.start({ container })
  const spoken = (phrase: string) =>
    vi.waitFor(async () => expect(await virtual.spokenPhraseLog()).toContain(`polite: ${phrase}`), { timeout: 3000 })

  await act(() => client.beginUpload(USER))
  await spoken('Your document: In review. We are looking at your document.')
  act(() => relay.emit(USER, 'ADDED'))
  await spoken('Your document: Done. We have received your document.')
  act(() => relay.emit(USER, { frame: 'poa', status: 'WAITING' }))
  await spoken('Proof of address: In review. We are looking at your proof of address.')
  act(() => relay.emit(USER, { frame: 'poa', status: 'QUESTIONED', state: 'action_needed', reason: 'unclear' }))
  await spoken(
    'Proof of address: Action needed. We cannot read your document. Upload a clearer photo that shows all of it.',
  )

  await virtual.clearSpokenPhraseLog()
  for (let phrases = 0; phrases < 56; phrases++) await virtual.next()
  const read = await virtual.spokenPhraseLog()
  expect(read).toEqual(
    expect.arrayContaining([
      'heading, Your progress, level 2',
      'We need something from you.',
      'Action needed',
      'link, Upload proof of address',
    ]),
  )
  expect(read.filter((phrase) => phrase.startsWith('listitem'))).toHaveLength(4)
  expect(read.filter((phrase) => /^listitem.*current step/.test(phrase))).toHaveLength(1)

  act(() => client.setSending(USER, 'poa', true))
  await spoken('Proof of address: Uploading. Keep this page open until the upload is done.')
  await act(() => client.beginUpload(USER, { step: 'poa' }))
  act(() => client.setSending(USER, 'poa', false))
  await spoken('Proof of address: In review. We are looking at your proof of address.')
  act(() => relay.emit(USER, { frame: 'poa', status: 'APPROVED' }))
  await spoken('Proof of address: Done. Proof of address complete.')
  act(() => relay.emit(USER, { frame: 'kyc-verification', status: 'SUSPECTED' }))
  await spoken('Identity check: In review. We are looking at your details. This can take some time.')
  act(() => {
    relay.emit(USER, { frame: 'kyc-verification', status: 'APPROVED' })
    relay.emit(USER, { frame: 'user-balance', status: 'ACTIVE' })
  })
  await spoken(
    'Identity check: Done. Identity check complete. Your account: Done. Your account is set up. All steps are complete.',
  )
})
