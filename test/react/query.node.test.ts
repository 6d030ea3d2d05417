import { expect, it } from 'vitest'
import type { KycFileStatus } from '../../src/client/upload-state.ts'
import { keepNewer } from '../../src/react/query.ts'

const state = (outcome: 'waiting' | 'added', cursor: string): KycFileStatus => ({
  externalUserId: 'u',
  outcome,
  at: '2026-11-23T12:00:00.000Z',
  files: { expected: 1, added: outcome === 'added' ? 1 : 0, failed: 0 },
  attemptId: 'a',
  cursor,
})

it('takes what is newer', () => {
  const newer = state('added', '2-0')
  expect(keepNewer(state('waiting', '1-0'), newer)).toBe(newer)
})

it('keeps what it has when something older comes late', () => {
  const added = state('added', '2-0')
  expect(keepNewer(added, state('waiting', '1-0'))).toBe(added)
})

it('is unchanged when only the position has moved', () => {
  const added = state('added', '2-0')
  expect(keepNewer(added, state('added', '3-0'))).toBe(added)
})

it('never keeps what belongs to another user, or to another upload', () => {
  const before = state('added', '9-0')
  for (const other of [
    { ...state('waiting', '1-0'), externalUserId: 'v' },
    { ...state('waiting', '1-0'), attemptId: 'b' },
  ]) {
    expect(keepNewer(before, other)).toEqual(other)
  }
})

it('shares what select has made of it, as TanStack Query does by default', () => {
  const before = { label: 'Checking' }
  expect(keepNewer(before, { label: 'Checking' })).toBe(before)
  expect(keepNewer('Checking', null)).toBeNull()
})
