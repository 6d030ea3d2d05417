import type { Doubt, FileCounts, KycFileStatus } from '../../client/knowledge/upload-state.ts'
import type { ConnectionState } from '../../client/line/line-state.ts'
import { type ShownLine, shownLine } from '../parts/line.ts'

/** What the component shows: what is known of the document, and how the line is. Neither follows from the other. */
export interface KycUploadStatusView {
  /** What is known of the document. `slow` and `very-slow` are no failure: the answer takes longer than usual. */
  readonly status: 'loading' | 'none' | 'processing' | 'slow' | 'very-slow' | 'added' | 'error'
  /** How the line is: `reconnecting`, `lost` and `paused` end by themselves, `failed` when somebody comes back. */
  readonly connection: ShownLine
  readonly files: FileCounts
  /** Why the answer may not be the whole truth; `null` where nothing speaks against it. A person is told where it concerns them. */
  readonly doubt: Doubt | null
  /** When `added` or `error` was decided: another time is another answer. */
  readonly decidedAt: string | null
}

/** After how many milliseconds an answer is slow, and very slow. */
export interface Patience {
  slowAfter: number
  verySlowAfter: number
}

const NO_FILES: FileCounts = { expected: 0, added: 0, failed: 0 }

/**
 * Says when waiting for the provider's answer began, in milliseconds since the epoch; `null` where none is awaited.
 *
 * @param sentAt - when the files had been sent, in the same unit, where that is known. Before that there is nothing to answer.
 */
export function waitingSince(data: KycFileStatus | undefined, sentAt: number | null = null): number | null {
  return data?.outcome === 'waiting' ? Math.max(Date.parse(data.at), sentAt ?? 0) : null
}

/** Tells whether the document was added or refused. */
export function isDecided({ status }: Pick<KycUploadStatusView, 'status'>): boolean {
  return status === 'added' || status === 'error'
}

/** Tells whether an answer is still to come. */
export function isWaiting({ status }: Pick<KycUploadStatusView, 'status'>): boolean {
  return status === 'processing' || status === 'slow' || status === 'very-slow'
}

/** Tells whether asking the relay again may help. */
export function canCheckAgain(view: KycUploadStatusView): boolean {
  const { status, connection } = view
  return !isDecided(view) && (status === 'very-slow' || connection === 'lost' || connection === 'failed')
}

/** The facts that a view is made from. All times are milliseconds since the epoch. */
export interface Facts {
  /** `undefined`: nothing is known. `null`: what is known is of no interest, because another upload is being sent. */
  data: KycFileStatus | undefined | null
  connection: ConnectionState
  /** When waiting for the answer began; `null` where none is awaited. */
  since: number | null
  /** When the line went down; `null` while it is not. */
  downSince: number | null
}

export function deriveView(
  { data, connection, since, downSince }: Facts,
  patience: Patience,
  now: number,
): KycUploadStatusView {
  return {
    status: deriveStatus(data, since === null ? 0 : now - since, patience),
    connection: shownLine(connection, downSince, now),
    files: data?.files ?? NO_FILES,
    doubt: data?.doubt ?? null,
    decidedAt: data?.outcome === 'added' || data?.outcome === 'error' ? data.at : null,
  }
}

function deriveStatus(
  data: Facts['data'],
  waited: number,
  { slowAfter, verySlowAfter }: Patience,
): KycUploadStatusView['status'] {
  if (data === undefined) return 'loading'
  if (data === null) return 'none'
  if (data.outcome !== 'waiting') return data.outcome
  if (waited >= verySlowAfter) return 'very-slow'
  return waited >= slowAfter ? 'slow' : 'processing'
}
