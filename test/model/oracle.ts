/** What the provider has said of the user, in the order in which the relay stored it. */
export interface Answer {
  readonly status: 'ADDED' | 'ERROR'
  /** ISO 8601, as the relay says it; empty until the provider has its answer. */
  receivedAt: string
  /** How often the relay had lost its history before. */
  readonly losses: number
}

/** An upload that was begun in a tab, and what is true of it. Points are indexes into the answers. */
export interface Upload {
  readonly files: number
  /** How many answers were stored when `beginUpload` was called: none of them counts. */
  readonly begunAt: number
  /** How many were stored when the upload was let go: all that come later count. `null` while it is held. */
  letGoAt: number | null
  /** Whether an answer to the upload before may still come. */
  readonly owed: 'yes' | 'no' | 'maybe'
  /** The clocks say nothing of when it was let go: what it counts can't be known, and nobody can tell that either. */
  isExcused: boolean
  /** The relay may have lost something since, or the point was estimated: `doubt` may be `missed`. */
  mayBeMissed: boolean
  /** What happened before the point was known. */
  readonly unplaced: { wallJumped: boolean; reloaded: boolean; slept: boolean }
}

export interface Counts {
  added: number
  failed: number
}

export type Outcome = 'none' | 'waiting' | 'added' | 'error'

export function countFrom(answers: readonly Answer[], point: number): Counts {
  const counted = answers.slice(point)
  const added = counted.filter(({ status }) => status === 'ADDED').length
  return { added, failed: counted.length - added }
}

/** "`added >= files` is `added`; else `failed > 0` is `error`; else `waiting`." */
export function outcomeOf(files: number, { added, failed }: Counts): Outcome {
  if (added >= files) return 'added'
  return failed > 0 ? 'error' : 'waiting'
}

/** Points from which an upload may count: one of them, for good. */
export function possiblePoints({ begunAt, letGoAt }: Upload, answers: readonly unknown[]): number[] {
  const last = letGoAt ?? answers.length
  return Array.from({ length: last - begunAt + 1 }, (_, i) => begunAt + i)
}

/** Those of the points that explain what is shown. More files are never shown as added than there are. */
export function pointsThatExplain(
  points: readonly number[],
  answers: readonly Answer[],
  files: number,
  shown: Counts,
): number[] {
  return points.filter((point) => {
    const { added, failed } = countFrom(answers, point)
    return Math.min(added, files) === Math.min(shown.added, files) && failed === shown.failed
  })
}

/** What a tab without an upload may show once the relay has been heard. */
export function possibleLatest(answers: readonly Answer[], losses: number): { outcomes: Set<Outcome>; why: string } {
  const kept = answers.filter((answer) => answer.losses === losses).at(-1)
  if (kept) return { outcomes: new Set([toOutcome(kept)]), why: 'the latest answer speaks' }
  // A page that has seen an answer knows it still, a new one can't.
  const lost = answers.map(toOutcome)
  return { outcomes: new Set<Outcome>(['none', ...lost]), why: 'the relay knows of no answer' }
}

function toOutcome({ status }: Answer): Outcome {
  return status === 'ADDED' ? 'added' : 'error'
}

/** Whether the answer to the upload before may come after another one has begun. */
export function owedBy(before: Upload | null, answers: readonly Answer[], known: Counts | null): Upload['owed'] {
  if (!before) return 'no'
  if (before.isExcused || before.owed !== 'no' || before.mayBeMissed || before.letGoAt === null || !known)
    return 'maybe'
  if (answers.length === before.begunAt) return 'yes'
  const areAnswered = answers.length - before.letGoAt >= before.files && known.added + known.failed >= before.files
  return areAnswered ? 'no' : 'maybe'
}

/** What the provider has said of a step other than the file, in the order in which the relay stored it. */
export interface StepAnswer {
  readonly step: string
  readonly status: string
  /** As the relay says both; empty until the provider has its answer. */
  id: string
  receivedAt: string
  readonly losses: number
}

const REVIEW = 'in_review'
const MEANINGS: { readonly [status: string]: string } = {
  WAITING: REVIEW,
  APPROVED: 'approved',
  QUESTIONED: 'action_needed',
  REJECTED: 'action_needed',
  ACTIVE: 'approved',
}
export const meaningOf = ({ status }: StepAnswer) => MEANINGS[status] ?? 'unknown'

/** "`in_review` within 3 min after a decision is a late repeat", in milliseconds. */
const LATE = 180_000

/**
 * The answer that decides: "what was received last; the same status again is no change; a later decision does overturn an
 * earlier one", but for late repeats.
 */
export function deciding(answers: readonly StepAnswer[]): StepAnswer | null {
  let decided: StepAnswer | null = null
  for (const answer of answers) {
    if (decided?.status === answer.status) continue
    const isRepeat =
      decided !== null &&
      meaningOf(answer) === REVIEW &&
      meaningOf(decided) !== REVIEW &&
      Date.parse(answer.receivedAt) <= Date.parse(decided.receivedAt) + LATE
    if (!isRepeat) decided = answer
  }
  return decided
}

/** The answers that may decide where no upload waits. Where the relay knows of none, a page may know what was lost, or not. */
export function possiblyDeciding(answers: readonly StepAnswer[], losses: number): (StepAnswer | null)[] {
  const since = (loss: number) => deciding(answers.filter((answer) => answer.losses >= loss))
  const kept = since(losses)
  return kept ? [kept] : Array.from({ length: losses + 1 }, (_, loss) => since(loss))
}
