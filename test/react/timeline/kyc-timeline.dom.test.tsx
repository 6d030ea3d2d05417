import { dehydrate, HydrationBoundary, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, render, screen, within } from '@testing-library/react'
import { createRef } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createKycStatusClient, InvalidOptionsError, KycStatusProvider } from '../../../src/react/index.ts'
import { ar } from '../../../src/react/messages/timeline/ar.ts'
import { de } from '../../../src/react/messages/timeline/de.ts'
import { en } from '../../../src/react/messages/timeline/en.ts'
import { TIMELINE_ATTRIBUTES, TIMELINE_PARTS, TIMELINE_STATES } from '../../../src/react/timeline/data-attributes.ts'
import { KycStepStatus, KycTimeline, kycTimelineOptions } from '../../../src/react/timeline/index.ts'
import { createMockRelay } from '../../../src/testing/index.ts'
import { fakeTime } from '../../client/fake-time.ts'
import { passed, renderError } from '../render.tsx'
import { fixedClient } from '../upload-status/fixed-client.ts'
import { listen } from '../upload-status/spoken.ts'
import { Shown, ShownStep } from './shown.tsx'
import { channelOf, EACH_STATE, STEPS, said, USER } from './states.ts'

afterEach(cleanup)
beforeEach(() => fakeTime())

const items = () => screen.getAllByRole('listitem')
const item = (name: string) => items().find((li) => within(li).queryByText(name)) as HTMLElement

/** React 18 renders, and sets timers, where an `act` ends: so there are many. */
async function later(ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 100) await passed(100)
}

/** A page on a relay in memory. */
function setUp(props: Partial<Parameters<typeof KycTimeline>[0]> = {}) {
  const relay = createMockRelay()
  const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch })
  onTestFinished(() => {
    client.close()
    sessionStorage.clear()
  })
  const { container } = render(
    <KycStatusProvider client={client}>
      <KycTimeline externalUserId={USER} steps={STEPS} {...props} />
    </KycStatusProvider>,
  )
  return { relay, client, container, spoken: listen(container) }
}

describe('the list', () => {
  it('has an item for each step in order, with its state as text, also before anything is known', () => {
    render(<Shown channel={channelOf({}, { isHeard: false, line: 'connecting' })} />)
    expect(items().map((li) => li.textContent)).toEqual([
      'Your document',
      'Proof of address',
      'Identity check',
      'Your account',
    ])
    cleanup()
    render(<Shown channel={channelOf({ poa: 'in_review' })} />)
    expect(screen.getByRole('list').tagName).toBe('OL')
    expect(items().map((li) => within(li).getByText(/^(To do|In review)$/).textContent)).toEqual([
      'To do',
      'In review',
      'To do',
      'To do',
    ])
  })

  it('marks one current step, the most pressing, and none once all is complete', () => {
    render(<Shown channel={channelOf({ poa: 'action_needed', 'kyc-verification': 'in_review' })} />)
    const current = () => document.querySelectorAll('[aria-current]')
    expect([...current()]).toEqual([item('Proof of address')])
    expect(current()[0]?.getAttribute('aria-current')).toBe('step')
    cleanup()
    render(<Shown channel={channelOf({ 'kyc-verification': 'done', 'user-balance': 'done' })} />)
    expect(current()).toHaveLength(0)
    expect(screen.getByText(en.overall.done)).toBeTruthy()
    expect(within(item('Proof of address')).getByText('Not needed')).toBeTruthy()
  })

  it('hides its icons from assistive technology', () => {
    const { container } = render(<Shown channel={channelOf({ poa: 'done' })} />)
    const icons = [...container.querySelectorAll('svg')]
    expect(icons).toHaveLength(4)
    for (const icon of icons) expect(icon.getAttribute('aria-hidden')).toBe('true')
  })

  it('says when, by the clock of the relay', () => {
    const { container } = render(<Shown channel={channelOf({ poa: 'in_review', 'kyc-verification': 'done' })} />)
    const times = [...container.querySelectorAll('time')]
    const { receivedAt = '' } = said('done').events[0] ?? {}
    expect(times.map((time) => time.dateTime)).toEqual([receivedAt, receivedAt])
    expect(times.map((time) => time.parentElement?.textContent?.split(' ')[0])).toEqual(['Since', 'Updated'])
  })

  it.each(EACH_STATE)('is green for what is done alone, and red for a refusal alone: $name', ({ name, channel }) => {
    const { container } = render(<Shown channel={channel} />)
    const states = [...container.querySelectorAll('[data-part="step"]')].map((li) => li.getAttribute('data-state'))
    const wanted = name === 'failed' ? 'in_review' : name
    expect(states).toContain(wanted)
    for (const state of ['done', 'declined']) {
      if (wanted !== state && wanted !== 'not_needed') expect(states).not.toContain(state)
    }
  })
})

describe('what a person may read', () => {
  it('is what to do about an unreadable document', () => {
    render(<Shown channel={channelOf({ poa: 'action_needed' })} />)
    expect(item('Proof of address').textContent).toContain(en.reasons.unclear)
  })

  it('is no reason of a refusal, unless the application allows the code', () => {
    const channel = channelOf({ 'kyc-verification': 'declined' })
    const { rerender } = render(<Shown channel={channel} />)
    expect(item('Identity check').textContent).not.toMatch(/fraud/i)
    expect(item('Identity check').textContent).toContain(en.steps['kyc-verification'].declined)
    rerender(<Shown channel={channel} reasons={{ fraud: 'Come to our office.' }} />)
    expect(item('Identity check').textContent).toContain('Come to our office.')
  })

  it('is a review where the provider suspects somebody', () => {
    const suspected = said('in_review', { status: 'SUSPECTED', reason: 'fraud' })
    const { container } = render(
      <Shown channel={channelOf({ 'kyc-verification': suspected })} reasons={{ fraud: 'Fraud' }} />,
    )
    expect(within(item('Identity check')).getByText('In review')).toBeTruthy()
    expect(container.innerHTML).not.toMatch(/suspect|fraud/i)
  })

  it('is in the language of the provider, and the component’s own texts win', () => {
    const channel = channelOf({ poa: 'done', credit: 'done' })
    const { container } = render(
      <KycStatusProvider client={fixedClient(channel)} messages={{ timeline: de }}>
        <KycTimeline
          externalUserId={USER}
          steps={['poa', 'credit']}
          messages={{ title: 'Ihr Weg', steps: { credit: { name: 'Bonität' } } }}
        />
      </KycStatusProvider>,
    )
    expect(screen.getByRole('group', { name: 'Ihr Weg' }).lang).toBe('de')
    expect(items().map((li) => li.querySelector('[data-part="name"]')?.textContent)).toEqual([
      'Adressnachweis',
      'Bonität',
    ])
    expect(container.textContent).toContain(de.overall.done)
  })

  it('runs from right to left in Arabic', () => {
    render(<Shown channel={channelOf({})} messages={ar} />)
    expect(screen.getByRole('group').dir).toBe('rtl')
  })
})

describe('slots', () => {
  const actions = { poa: <a href="#upload">Upload</a> }

  it.each<[Parameters<typeof said>[0], boolean]>([
    ['todo', true],
    ['action_needed', true],
    ['expired', true],
    ['in_review', false],
    ['done', false],
    ['declined', false],
    ['unknown', false],
  ])('show an action in the state %s: %s', (state, isShown) => {
    render(<Shown channel={channelOf({ poa: state })} actions={actions} />)
    expect(within(item('Proof of address')).queryAllByRole('link')).toHaveLength(isShown ? 1 : 0)
    expect(screen.queryAllByRole('link')).toHaveLength(isShown ? 1 : 0)
  })

  it('call a function in every state', () => {
    const action = vi.fn(({ state }: { state: string }) => (state === 'in_review' ? 'Call us' : null))
    render(<Shown channel={channelOf({ poa: 'in_review' })} actions={{ poa: action }} />)
    expect(item('Proof of address').textContent).toContain('Call us')
  })

  it('hold a way to ask for help', () => {
    render(<Shown channel={channelOf({})} contact={<a href="#help">Contact us</a>} />)
    expect(screen.getByRole('link', { name: 'Contact us' }).parentElement?.textContent).toBe('Need help? Contact us')
  })
})

describe('over time', () => {
  it('says each change once, in one region that was there before', async () => {
    const { relay, client, container, spoken } = setUp()
    const region = screen.getByRole('status')
    await later(1000)
    expect(spoken).toEqual([])
    act(() => client.setSending(USER, 'poa', true))
    await later(1000)
    const beginning = client.beginUpload(USER, { step: 'poa' })
    await later(100)
    await beginning
    act(() => client.setSending(USER, 'poa', false))
    await later(1000)
    act(() => relay.emit(USER, { frame: 'poa', status: 'QUESTIONED' }))
    await later(1000)
    act(() => relay.emit(USER, { frame: 'poa', status: 'QUESTIONED' }))
    await later(8000)
    expect(region.textContent).toBe('')
    act(() => relay.emit(USER, { frame: 'poa', status: 'APPROVED' }))
    await later(1000)
    expect(spoken.map((text) => text.replace(/^status: /, '').split('.')[0])).toEqual([
      'Proof of address: Uploading',
      'Proof of address: In review',
      'Proof of address: Action needed',
      'Proof of address: Done',
    ])
    expect(screen.getByRole('status')).toBe(region)
    expect(container.querySelectorAll('[role="status"],[role="alert"],[aria-live]')).toHaveLength(1)
  })

  it('says in one sentence what comes at once, and nothing of what is over by then', async () => {
    const { relay, spoken } = setUp()
    await later(1000)
    act(() => {
      relay.emit(USER, { frame: 'poa', status: 'WAITING' })
      relay.emit(USER, { frame: 'kyc-verification', status: 'APPROVED' })
      relay.emit(USER, { frame: 'poa', status: 'APPROVED' })
    })
    await later(1000)
    expect(spoken).toEqual([
      'status: Proof of address: Done. Proof of address complete. Identity check: Done. Identity check complete.',
    ])
  })

  it('never moves the focus', async () => {
    const { relay } = setUp({ actions: { poa: <button type="button">Upload</button> } })
    await later(1000)
    const button = screen.getByRole('button', { name: 'Upload' })
    button.focus()
    for (const status of ['QUESTIONED', 'REJECTED']) {
      act(() => relay.emit(USER, { frame: 'kyc-verification', status }))
      await later(1000)
      expect(document.activeElement).toBe(button)
    }
  })

  it('says that the line is lost after 5 s, keeps what is known, and says what came meanwhile once it is back', async () => {
    const { relay, container, spoken } = setUp()
    relay.emit(USER, { frame: 'poa', status: 'WAITING' })
    await later(1000)
    relay.respond('network')
    act(() => relay.drop())
    await later(4000)
    expect(container.textContent).not.toContain(en.connectionLost)
    await later(3000)
    expect(container.textContent).toContain(en.connectionLost)
    expect(within(item('Proof of address')).getByText('In review')).toBeTruthy()
    relay.emit(USER, { frame: 'poa', status: 'APPROVED' })
    relay.respond(null)
    act(() => screen.getByRole('button', { name: en.checkAgain }).focus())
    act(() => screen.getByRole('button', { name: en.checkAgain }).click())
    await later(1000)
    expect(document.activeElement).toBe(screen.getByRole('group'))
    expect(spoken).toEqual([
      `status: ${en.connectionLost}`,
      `status: ${en.connectionBack} Proof of address: Done. Proof of address complete.`,
    ])
  })

  it('says what it gave up, and offers to ask again', async () => {
    const { relay, container } = setUp()
    relay.respond(403)
    await later(1000)
    relay.respond(403)
    act(() => relay.drop())
    await later(1000)
    expect(container.textContent).toContain(en.connectionFailed)
    relay.respond(null)
    act(() => screen.getByRole('button', { name: en.checkAgain }).click())
    await later(1000)
    expect(container.textContent).not.toContain(en.connectionFailed)
  })
})

it('hydrates what a server has rendered, without a word of complaint, and goes on from there', async () => {
  const relay = createMockRelay()
  relay.emit(USER, { frame: 'poa', status: 'QUESTIONED' })
  const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch })
  onTestFinished(() => client.close())
  const queryClient = new QueryClient()
  const prefetching = queryClient.prefetchQuery(kycTimelineOptions(client, { externalUserId: USER, steps: STEPS }))
  await later(100)
  await prefetching
  const state = dehydrate(queryClient)
  const app = () => (
    <QueryClientProvider client={new QueryClient()}>
      <HydrationBoundary state={state}>
        <KycStatusProvider client={client}>
          <KycTimeline externalUserId={USER} steps={STEPS} />
        </KycStatusProvider>
      </HydrationBoundary>
    </QueryClientProvider>
  )
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = renderToString(app())
  expect(container.textContent).toContain(en.reasons.unclear)
  const complaint = vi.spyOn(console, 'error')
  render(app(), { container, hydrate: true })
  await later(500)
  expect(complaint).not.toHaveBeenCalled()
  act(() => relay.emit(USER, { frame: 'poa', status: 'APPROVED' }))
  await later(500)
  expect(within(item('Proof of address')).getByText('Done')).toBeTruthy()
})

describe('KycStepStatus', () => {
  it('is a group that its step names, with the state as text', () => {
    render(<ShownStep channel={channelOf({ poa: 'action_needed' })} step="poa" />)
    const card = screen.getByRole('group', { name: 'Proof of address' })
    expect(within(card).getByRole('heading', { level: 2 })).toBeTruthy()
    expect(within(card).getByText('Action needed')).toBeTruthy()
    expect(within(card).getByText(en.reasons.unclear)).toBeTruthy()
    expect(within(card).getByRole('link', { name: 'Upload' })).toBeTruthy()
    expect(card.textContent).toContain('help@example')
    expect(screen.getByRole('status').textContent).toBe('')
  })

  it('says a change of its step, and of no other', async () => {
    const relay = createMockRelay()
    const client = createKycStatusClient({ url: relay.url, fetch: relay.fetch })
    onTestFinished(() => client.close())
    const { container } = render(
      <KycStatusProvider client={client}>
        <KycStepStatus externalUserId={USER} step="poa" />
      </KycStatusProvider>,
    )
    const spoken = listen(container)
    await later(1000)
    act(() => relay.emit(USER, { frame: 'kyc-verification', status: 'APPROVED' }))
    await later(1000)
    act(() => relay.emit(USER, { frame: 'poa', status: 'REJECTED' }))
    await later(1000)
    expect(spoken).toEqual([`status: Proof of address: Action needed. ${en.reasons.other_document}`])
  })
})

describe('parts', () => {
  it('can be put together otherwise, with classes, elements and refs of the application', () => {
    const ref = createRef<HTMLLIElement>()
    render(
      <KycStatusProvider client={fixedClient(channelOf({ poa: 'done' }))}>
        <KycTimeline.Root externalUserId={USER} steps={STEPS} className={({ overall }) => `path ${overall}`}>
          <KycTimeline.Title render={<strong />} />
          <KycTimeline.Steps>
            <KycTimeline.Step step="poa" ref={ref} className={({ state }) => state}>
              <KycTimeline.Name render={(props) => <b {...props} />} />
            </KycTimeline.Step>
            <KycTimeline.Step step="nobody" />
          </KycTimeline.Steps>
          <KycTimeline.Announcer />
        </KycTimeline.Root>
      </KycStatusProvider>,
    )
    expect(screen.getByRole('group', { name: 'Your progress' }).className).toBe('path todo')
    expect(items()).toEqual([ref.current])
    expect(ref.current?.className).toBe('done')
    expect(ref.current?.textContent).toBe('Proof of address')
    expect(screen.queryByRole('heading')).toBeNull()
  })

  it('of a timeline in a step of another one are about their own', () => {
    const inner = <KycTimeline key="" externalUserId={USER} steps={['credit']} messages={{ title: 'Inner' }} />
    render(<Shown channel={channelOf({ poa: 'done' })} actions={{ poa: () => inner }} />)
    const group = within(item('Proof of address')).getByRole('group', { name: 'Inner' })
    expect(group.getAttribute('data-scope')).toBe('kyc-timeline')
    expect(group.hasAttribute('data-step')).toBe(false)
  })

  it.each([
    [<KycTimeline.Title key="" />, /expected a <KycTimeline.Root>/],
    [<KycStepStatus key="" externalUserId={USER} step="poa" />, /^KycStepStatus: expected a <KycStatusProvider/],
    [<KycTimeline key="" externalUserId={USER} steps={STEPS} />, /^KycTimeline: expected a <KycStatusProvider/],
  ])('say what they miss around them', (ui, message) => {
    const error = renderError(ui)
    expect(error).toBeInstanceOf(InvalidOptionsError)
    expect(error).toMatchObject({ message: expect.stringMatching(message) })
  })

  it.each([[[]], [['poa', 'poa']], [['']], ['poa'], [undefined]])('refuse the steps %j', (steps) => {
    const error = renderError(<Shown channel={channelOf({})} steps={steps as never} />)
    expect(error).toMatchObject({ message: expect.stringMatching(/^KycTimeline: steps: expected/) })
  })
})

describe('what is documented', () => {
  it('is each attribute and value that is rendered, and no other', async () => {
    const found = new Map<string, Set<string>>()
    const collect = (container: HTMLElement) => {
      for (const element of container.querySelectorAll('*')) {
        for (const { name, value } of element.attributes) {
          if (name.startsWith('data-')) found.set(name, (found.get(name) ?? new Set()).add(value))
        }
      }
    }
    for (const { channel } of EACH_STATE) {
      for (const ui of [
        <Shown
          key="timeline"
          channel={channel}
          actions={{ 'kyc-file': <a href="#upload">Upload</a> }}
          contact="help@example"
        />,
        <ShownStep key="card" channel={channel} step="poa" />,
      ]) {
        const { container, unmount } = render(ui)
        collect(container)
        unmount()
      }
    }
    expect([...found.keys()].sort()).toEqual(Object.keys(TIMELINE_ATTRIBUTES).sort())
    expect([...(found.get('data-part') ?? [])].sort()).toEqual(Object.keys(TIMELINE_PARTS).sort())
    expect([...(found.get('data-state') ?? [])].sort()).toEqual(Object.keys(TIMELINE_STATES).sort())
    expect([...(found.get('data-scope') ?? [])].sort()).toEqual(['kyc-step-status', 'kyc-timeline'])
  })
})
