import { act, cleanup, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  CONNECTIONS,
  DATA_ATTRIBUTES,
  DOUBTS,
  PARTS,
  PLAIN_PARTS,
  STATUSES,
} from '../../../src/react/upload-status/data-attributes.ts'
import { Shown } from './shown.tsx'
import { PAUSED, SETTLED_AFTER, SHOWN_AT, STATES } from './states.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: SHOWN_AT }))
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

/** Every data attribute of every element that the component renders, in all its states, as they come and as they stay. */
async function renderedAttributes(): Promise<Record<string, string>[]> {
  const rendered: Record<string, string>[] = []
  for (const state of [...STATES, PAUSED]) {
    vi.setSystemTime(SHOWN_AT)
    const { container, unmount } = render(<Shown state={state} />)
    for (const ms of [0, SETTLED_AFTER]) {
      await act(() => vi.advanceTimersByTimeAsync(ms))
      for (const element of container.querySelectorAll('*')) {
        const names = element.getAttributeNames().filter((name) => name.startsWith('data-'))
        if (names.length > 0)
          rendered.push(Object.fromEntries(names.map((name) => [name, String(element.getAttribute(name))])))
      }
    }
    unmount()
  }
  return rendered
}

const valuesOf = (rendered: Record<string, string>[], name: string) =>
  [...new Set(rendered.flatMap((attributes) => attributes[name] ?? []))].sort()

it('renders the attributes and values that are documented, and no others', async () => {
  const rendered = await renderedAttributes()
  expect([...new Set(rendered.flatMap(Object.keys))].sort()).toEqual(Object.keys(DATA_ATTRIBUTES).sort())
  expect(valuesOf(rendered, 'data-scope')).toEqual(['kyc-upload-status'])
  expect(valuesOf(rendered, 'data-part')).toEqual(Object.keys(PARTS).sort())
  expect(valuesOf(rendered, 'data-status')).toEqual(Object.keys(STATUSES).sort())
  expect(valuesOf(rendered, 'data-connection')).toEqual(Object.keys(CONNECTIONS).sort())
  expect(valuesOf(rendered, 'data-doubt')).toEqual(Object.keys(DOUBTS).sort())
  expect(valuesOf(rendered, 'data-step')).toEqual(['added', 'failed'])
})

it('says scope and part of every element, and status and connection of every part but the plain ones', async () => {
  const plain: readonly string[] = PLAIN_PARTS
  for (const attributes of await renderedAttributes()) {
    const { 'data-part': part = '', 'data-step': _, 'data-doubt': __, ...others } = attributes
    const expected = plain.includes(part) ? ['data-scope'] : ['data-scope', 'data-status', 'data-connection']
    expect(Object.keys(others).sort(), part).toEqual(expected.sort())
  }
})

it('says a doubt on every part but the plain ones, whether or not a person is told', () => {
  const plain: readonly string[] = PLAIN_PARTS
  for (const state of STATES) {
    const { container, unmount } = render(<Shown state={state} />)
    for (const part of container.querySelectorAll('[data-part]')) {
      const name = part.getAttribute('data-part') ?? ''
      const expected = plain.includes(name) ? null : (state.channel.status?.doubt ?? null)
      expect(part.getAttribute('data-doubt'), `${state.name}: ${name}`).toBe(expected)
    }
    unmount()
  }
})
