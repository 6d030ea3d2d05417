import {
  type ChannelState,
  type ConnectionState,
  type FileCounts,
  type KycDoubt,
  type KycFileStatus,
  KycStatusError,
} from '../../../src/client/index.ts'
import type { KycUploadStatusProps } from '../../../src/react/index.ts'

/** When the states are shown, in milliseconds since the epoch. */
export const SHOWN_AT = Date.parse('2026-01-15T09:30:00Z')

/** How long they are shown before they are what their names say, in milliseconds: a line that is down is lost by then. */
export const SETTLED_AFTER = 5000

export interface State {
  name: string
  channel: ChannelState
  props: Partial<KycUploadStatusProps>
}

const ONE: FileCounts = { expected: 1, added: 0, failed: 0 }
const FAILED = new KycStatusError('forbidden', 'the relay refuses this user')

export const NONE = state('none', { ...about(), outcome: 'none', at: null })

/** All that a person may see, each in a name of a few words. */
export const STATES: readonly State[] = [
  state('loading', null, { line: 'idle' }),
  NONE,
  state('processing', waitingFor(1)),
  state('slow', waitingFor(20)),
  state('very slow', waitingFor(120)),
  state('added', { ...about(), outcome: 'added', at: secondsAgo(1) }),
  state('error, with a way out', refused(), { props: { onRetry: () => {} } }),
  state('error, with its reason', refused(), {
    props: {
      reason: 'expired',
      reasons: {
        expired: { title: 'Your passport has expired', description: 'Upload a document that is valid.', isFinal: true },
      },
    },
  }),
  state('lost', waitingFor(20), { line: 'reconnecting', props: { isSent: true } }),
  state('failed', waitingFor(20), { line: 'failed' }),
  state('several files', waitingFor(1, { expected: 3, added: 1, failed: 0 })),
  state('several files, one refused', refused({ expected: 3, added: 2, failed: 1 }), { props: { onRetry: () => {} } }),
  state('very slow, maybe missed', waitingFor(120, ONE, 'missed')),
  state('added, maybe of the one before', { ...about(ONE, 'owed'), outcome: 'added', at: secondsAgo(1) }),
  state('error, too many answers', refused({ ...ONE, failed: 2 }, 'extra'), { props: { onRetry: () => {} } }),
]

/** Looks like `processing`: whoever sees it has just come back. */
export const PAUSED = state('paused', waitingFor(1), { line: 'paused' })

function state(
  name: string,
  status: KycFileStatus | null,
  { line = 'open', props = {} }: { line?: ConnectionState['status']; props?: State['props'] } = {},
): State {
  const connection: ConnectionState = {
    status: line,
    pauseReason: line === 'paused' ? 'hidden' : null,
    transport: 'stream',
    heardAt: SHOWN_AT - 60_000,
    cause: null,
  }
  const error = line === 'failed' ? FAILED : null
  const known = { status, steps: new Map(), isHeard: status !== null }
  const channel = {
    ...known,
    connection,
    attempt: null,
    updatedAt: SHOWN_AT,
    error,
    isSignedOut: false,
    sending: new Set<string>(),
  }
  return { name, channel, props }
}

function about(files = ONE, doubt: KycDoubt | null = null) {
  return { externalUserId: 'a-user', attemptId: null, doubt, cursor: `${SHOWN_AT}-0`, files }
}

function waitingFor(seconds: number, files = ONE, doubt: KycDoubt | null = null): KycFileStatus {
  return { ...about(files, doubt), outcome: 'waiting', at: secondsAgo(seconds) }
}

function refused(files: FileCounts = { ...ONE, failed: 1 }, doubt: KycDoubt | null = null): KycFileStatus {
  return { ...about(files, doubt), outcome: 'error', at: secondsAgo(1) }
}

function secondsAgo(seconds: number): string {
  return new Date(SHOWN_AT - seconds * 1000).toISOString()
}
