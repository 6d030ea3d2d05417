import { expect, it } from 'vitest'
import type { Doubt } from '../../../src/client/knowledge/upload-state.ts'
import { en } from '../../../src/react/messages/en.ts'
import { STATUSES } from '../../../src/react/upload-status/data-attributes.ts'
import { doubtText } from '../../../src/react/upload-status/texts.ts'
import type { KycUploadStatusView } from '../../../src/react/upload-status/view.ts'

const ONE = { expected: 1, added: 0, failed: 0 }
const view = (status: KycUploadStatusView['status'], doubt: Doubt | null, files = ONE): KycUploadStatusView => ({
  status,
  connection: 'live',
  files,
  doubt,
  decidedAt: null,
})

it.each([
  // While the answer is on its way, there is nothing that a person could do.
  ['missed', ['very-slow', 'added', 'error']],
  // Without an answer, nobody asks what it belongs to.
  ['owed', ['added', 'error']],
  // A late duplicate of a refusal is harmless once the document was added.
  ['extra', ['error']],
  [null, []],
] as const)('tells a person of the doubt %s where it concerns what they see: %j', (doubt, expected) => {
  const statuses = Object.keys(STATUSES) as KycUploadStatusView['status'][]
  const told = statuses.filter((status) => doubtText(view(status, doubt), en) !== null)
  expect(told).toEqual(expected)
  for (const status of told) expect(doubtText(view(status, doubt), en)).toBe(doubt && en.doubt[doubt])
})

it('tells of too many answers to several files where one may have been refused', () => {
  expect(doubtText(view('added', 'extra', { expected: 2, added: 2, failed: 1 }), en)).toBe(en.doubt.extra)
  expect(doubtText(view('added', 'extra', { expected: 2, added: 2, failed: 0 }), en)).toBeNull()
})
