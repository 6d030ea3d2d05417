import { test } from 'vitest'
import { newAttempt } from '../../src/client/knowledge/attempt.ts'
import { learnEvent, nothingLearned, put } from '../../src/client/knowledge/learned.ts'
import { readMessage } from '../../src/client/knowledge/received.ts'
import { isSameStatus } from '../../src/client/knowledge/upload-state.ts'
import { deriveView } from '../../src/react/upload-status/view.ts'

/** What a page does for each frame. */

const USER = 'bca65c48-df49-4831-a7b2-de7903321581'
const data = JSON.stringify({ externalUserId: USER, status: 'ADDED', receivedAt: '2026-11-23T21:20:00.000Z' })
const message = { type: 'kyc-file', data, lastEventId: '1763932800000-1' }
const attempt = { ...newAttempt(2), cursor: '1763932800000-0' }
const learned = put({ ...nothingLearned, cursor: '1763932800000-0' }, 'kyc-file', { attempt })
const status = {
  externalUserId: USER,
  attemptId: 'attempt',
  outcome: 'waiting',
  at: '2026-11-23T21:20:00.000Z',
  files: { expected: 2, added: 1, failed: 0 },
  doubt: null,
  cursor: '1763932800000-1',
} as const
const connection = { status: 'open', pauseReason: null, transport: 'stream', heardAt: 0, cause: null } as const

test('a frame', async ({ bench }) => {
  const patience = { slowAfter: 10_000, verySlowAfter: 60_000 }
  await bench.compare(
    bench('read and checked', () => void readMessage(USER, message)),
    bench('taken in', () => {
      learnEvent(learned, {
        id: '1763932800000-1',
        frame: 'kyc-file',
        status: 'ADDED',
        receivedAt: '2026-11-23T21:20:00.000Z',
      })
    }),
    bench('compared with what is cached', () => void isSameStatus(status, { ...status, cursor: '1763932800000-2' })),
    bench('made into a view', () => {
      deriveView({ data: status, connection, since: 0, downSince: null }, patience, 5000)
    }),
  )
})
