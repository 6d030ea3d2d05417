import { virtual } from '@guidepup/virtual-screen-reader'
import { act, cleanup } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { KycUploadStatus } from '../../../src/react/index.ts'
import { setUp, USER } from '../render.tsx'

afterEach(async () => {
  await virtual.stop()
  cleanup()
})

it('is read as a group with a heading, and each answer is spoken as it comes', async () => {
  const { relay, client, renderUi } = setUp()
  const { container } = renderUi(<KycUploadStatus externalUserId={USER} onRetry={() => {}} />)
  await vi.waitFor(() => expect(container.textContent).toContain('Waiting for your document'))
  await virtual.start({ container })
  const spoken = (phrase: string) =>
    vi.waitFor(async () => expect(await virtual.spokenPhraseLog()).toContain(phrase), { timeout: 3000 })

  await act(() => client.beginUpload(USER))
  await spoken('polite: Checking your document. This usually takes less than a minute. You can stay on this page.')
  act(() => relay.emit(USER, 'ERROR'))
  await spoken(
    'assertive: We could not add your document. Check that it is complete and easy to read, then upload it again. You can try again.',
  )

  await virtual.clearSpokenPhraseLog()
  for (let items = 0; items < 20; items++) await virtual.next()
  expect(await virtual.spokenPhraseLog()).toEqual(
    expect.arrayContaining([
      'heading, Error: We could not add your document, level 2',
      'Check that it is complete and easy to read, then upload it again.',
      'button, Try again',
      'group, Error: We could not add your document',
    ]),
  )
})
