import { act, cleanup, screen } from '@testing-library/react'
import { Component, type ReactNode, StrictMode, Suspense } from 'react'
import { afterEach, expect, it } from 'vitest'
import { useSuspenseKycFileStatus } from '../../src/react/index.ts'
import { quietErrors, setUp, USER } from './render.tsx'

afterEach(cleanup)

function Outcome({ seen = [] }: { seen?: (string | undefined)[] }) {
  const { data } = useSuspenseKycFileStatus(USER)
  seen.push(data.outcome)
  return <p>{data.outcome}</p>
}

it('suspends until the relay is heard, then says what happens, over one connection', async () => {
  const { relay, renderUi } = setUp()
  const seen: (string | undefined)[] = []
  renderUi(
    <StrictMode>
      <Suspense fallback={<p>loading</p>}>
        <Outcome seen={seen} />
      </Suspense>
    </StrictMode>,
  )
  expect(screen.getByText('loading')).toBeTruthy()
  await screen.findByText('none')
  act(() => relay.emit(USER, 'ADDED'))
  await screen.findByText('added')
  expect(seen).not.toContain(undefined)
  expect(relay.requests).toBe(1)
})

it('shows nothing of the upload before, and does not suspend, when a new one begins', async () => {
  const { relay, client, renderUi } = setUp()
  relay.emit(USER, 'ADDED')
  renderUi(
    <Suspense fallback={<p>loading</p>}>
      <Outcome />
    </Suspense>,
  )
  await screen.findByText('added')
  await act(async () => {
    await client.beginUpload(USER)
  })
  expect(screen.getByText('waiting')).toBeTruthy()
})

it('throws what will not heal to the next error boundary', async () => {
  const { relay, renderUi } = setUp()
  relay.respond(403)
  class Boundary extends Component<{ children: ReactNode }, { message?: string }> {
    override state: { message?: string } = {}
    static getDerivedStateFromError = (error: Error) => ({ message: error.message })
    override render() {
      return this.state.message ?? this.props.children
    }
  }
  quietErrors()
  renderUi(
    <Boundary>
      <Suspense fallback={<p>loading</p>}>
        <Outcome />
      </Suspense>
    </Boundary>,
  )
  await screen.findByText(/403/)
})
