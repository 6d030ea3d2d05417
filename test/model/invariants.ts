import { isDeepStrictEqual } from 'node:util'
import {
  countFrom,
  deciding,
  meaningOf,
  outcomeOf,
  pointsThatExplain,
  possibleLatest,
  possiblePoints,
  possiblyDeciding,
  type StepAnswer,
  type Upload,
} from './oracle.ts'
import { type Page, type Probe, pick, type Shown, USER } from './page.tsx'
import { type KycFileStatus, type KycStep, kycStepOf } from './public-api.ts'
import type { Memory, StepMemory, Tab, World } from './world.ts'

/** A sentence of the design that does not hold. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant'

  constructor(sentence: string, facts: object = {}) {
    super(`${sentence}\n${JSON.stringify(facts, (_, value) => (value instanceof Error ? String(value) : value), 2)}`)
  }
}

function hold(isTrue: boolean, sentence: string, facts?: object): asserts isTrue {
  if (!isTrue) throw new BrokenInvariant(sentence, facts)
}

type Doubt = 'missed' | 'owed' | 'extra'

/** `undefined` where the code does not say. */
export function doubtOf(status: object): Doubt | null | undefined {
  return 'doubt' in status ? (status.doubt as Doubt | null) : undefined
}

const isFree = (upload: Upload, status: KycFileStatus) => upload.isExcused || doubtOf(status) === 'missed'

/** Holds for each frame that a person sees. */
export function checkCommit(world: World, page: Page, probe: Probe, shown: Shown): void {
  const tab = world.tabOf(page)
  if (!tab || probe !== 'plain' || shown.data === undefined) return
  const status = shown.data as KycFileStatus
  const { attempt } = page.client.getState(USER)
  hold(status.externalUserId === USER, 'no answer of another user is shown', status)
  hold(status.attemptId === (attempt?.id ?? null), "what is shown is the present attempt's, in each frame", {
    page: page.name,
    shown: status,
    attempt,
  })
  checkCounts(world, tab, status)
}

/** What is known now, in trouble too. */
function checkCounts(world: World, { upload, page }: Tab, status: KycFileStatus): void {
  const { files } = status
  if (!upload || status.attemptId === null) return
  if (!isFree(upload, status)) {
    const most = countFrom(world.answers, upload.begunAt)
    hold(
      Math.min(files.added, upload.files) <= most.added && files.failed <= most.failed,
      'no answer from before the upload counts, and none twice',
      { page: page.name, shown: status, upload, answers: world.answers },
    )
  }
  const outcome = outcomeOf(files.expected, files)
  hold(status.outcome === outcome, 'the outcome follows from the counts', { shown: status, expected: outcome })
}

/** Holds after each step, once nothing is under way that needs no time. */
export function checkNow(world: World): void {
  const [fault] = world.faults
  if (fault) throw fault
  for (const tab of world.tabs) {
    const { page } = tab
    const { status, error, connection } = page.client.getState(USER)
    if (connection.status === 'open') tab.hasCursor = true
    if (page.probes.size === 0) continue
    if (tab.isSignedOut) {
      hold(status === null && connection.status === 'idle', 'nothing is known after a sign-out', { status, connection })
    }
    for (const [probe, shown] of page.shown) {
      const facts = { page: page.name, probe, shown, client: { status, error, connection } }
      hold(
        shown.connection === undefined || shown.connection === connection.status,
        'the hook has the connection of the client',
        facts,
      )
      if (tab.isSignedOut) hold(shown.data === undefined, 'nothing is shown after a sign-out', facts)
      if (status) {
        hold(
          probe === 'plain' ? saysTheSame(shown.data, status) : shown.data === pick(status),
          'what the client knows is what every mounted hook shows, at once',
          facts,
        )
      }
      if (error) {
        hold(shown.status === 'error' && shown.error === error, 'the hook has the error of the client', facts)
      } else {
        hold(shown.error === null, 'the hook has no error that the client does not have', facts)
        hold(shown.status === (shown.data === undefined ? 'pending' : 'success'), 'status agrees with data', facts)
      }
    }
    hold(page.shown.size === page.probes.size, 'each probe that is mounted is shown', { page: page.name })
    if (status) {
      checkCounts(world, tab, status)
      checkMemory(world, page, status)
    }
    for (const step of STEPS) checkStep(world, tab, step)
  }
}

const STEPS = ['poa', 'user-balance']

function knownStep({ page }: Tab, step: string): KycStep | null {
  return kycStepOf(USER, step, page.client.getState(USER))
}

/** What is known of a step now, in trouble too: no answer from before an upload, and nothing older than before. */
function checkStep(world: World, tab: Tab, step: string): void {
  const { page } = tab
  const known = knownStep(tab, step)
  if (tab.isSignedOut) hold(known === null, 'nothing is known of a step after a sign-out', { known })
  if (!known) return
  const proof = step === 'poa' ? tab.proof : null
  const answers = world.stepAnswers
  const facts = { page: page.name, known, proof, answers }
  const attempt = page.client.getState(USER).steps.get(step)?.attempt
  hold(known.attemptId === (attempt?.id ?? null), "a step shows the present attempt's answer", facts)
  hold(
    known.status !== null || known.state === (attempt ? 'in_review' : 'none'),
    'a step without an answer waits',
    facts,
  )
  const by = answers.findLastIndex((answer) => answer.step === step && isAnswer(known, answer))
  hold(known.status === null || by >= 0, 'what a step shows was said', facts)
  // Where the point is uncertain, an answer to the file would say so by its doubt; a step has none to say it by.
  if (
    known.status !== null &&
    proof &&
    !proof.isExcused &&
    !(attempt as { isMissed?: boolean } | null | undefined)?.isMissed
  ) {
    hold(by >= proof.begunAt, 'no answer from before an upload is shown over it', facts)
  }
  const memories = world.stepMemories.get(page) ?? new Map<string, StepMemory>()
  const before = memories.get(step)
  if (before?.attemptId === known.attemptId) {
    // What was counted for an upload stays counted.
    const wasLost = !attempt && world.losses > (answers[before.by]?.losses ?? 0)
    hold(by >= before.by || wasLost, 'a step shows nothing older than before', { ...facts, before })
  }
  world.stepMemories.set(page, memories.set(step, { attemptId: known.attemptId, by }))
}

/** The id of an answer is not known until the provider has heard of it. */
function isAnswer({ status, state, cursor }: KycStep, answer: StepAnswer): boolean {
  return answer.status === status && meaningOf(answer) === state && (answer.id === cursor || answer.id === '')
}

function checkStepAtRest(world: World, tab: Tab, step: string): void {
  const known = knownStep(tab, step)
  const facts = { page: tab.page.name, known, proof: tab.proof, answers: world.stepAnswers, points: tab.proofPoints }
  hold(known !== null, 'something is known of a step', facts)
  const proof = step === 'poa' ? tab.proof : null
  const shows = (answer: StepAnswer | null) => (answer?.id ?? null) === (known.status === null ? null : known.cursor)
  const answers = world.stepAnswers.filter((answer) => answer.step === step)
  if (!proof) {
    const possible = possiblyDeciding(answers, world.losses)
    hold(possible.some(shows), 'a step is what the provider has said, by the one rule', { ...facts, possible })
    return
  }
  hold(known.attemptId !== null, 'an attempt for a step lasts until it is cleared', facts)
  if (proof.isExcused || proof.mayBeMissed) return
  const all = tab.proofPoints ?? possiblePoints(proof, world.stepAnswers)
  const explaining = all.filter((point) =>
    shows(deciding(world.stepAnswers.slice(point).filter((answer) => answer.step === step))),
  )
  hold(explaining.length > 0, 'a step with an attempt is what was said after its point', facts)
  tab.proofPoints = explaining
}

/** The position of the stream may move on without anything to show. */
function saysTheSame(data: unknown, status: KycFileStatus): boolean {
  return isDeepStrictEqual({ ...(data as object), cursor: status.cursor }, status)
}

/** What a page has shown once it never takes back. */
function checkMemory(world: World, page: Page, status: KycFileStatus): void {
  const before = world.memories.get(page)
  const { attemptId, files, outcome } = status
  const now: Memory = {
    attemptId,
    added: files.added,
    failed: files.failed,
    wasAdded: outcome === 'added',
    isDoubtful: (doubtOf(status) ?? null) !== null,
    latest: -1,
  }
  if (attemptId === null && status.at !== null) {
    now.latest = world.answers.findLastIndex(
      (answer) => answer.receivedAt === status.at && (answer.status === 'ADDED') === (outcome === 'added'),
    )
    hold(now.latest >= 0, 'an answer that is shown was given', {
      page: page.name,
      shown: status,
      answers: world.answers,
    })
  }
  if (before?.attemptId === attemptId) {
    const facts = { page: page.name, shown: status, before }
    if (attemptId === null) {
      const wasLost = world.losses > (world.answers[before.latest]?.losses ?? 0)
      hold(now.latest >= before.latest || wasLost, 'nothing older is shown than before', facts)
    } else {
      hold(now.added >= before.added && now.failed >= before.failed, 'what was counted stays counted', facts)
      hold(now.wasAdded || !before.wasAdded, '`added` stays', facts)
      hold(now.isDoubtful || !before.isDoubtful, 'doubt stays until the attempt ends', facts)
    }
  }
  world.memories.set(page, now)
}

/** Holds once all trouble has been over for a while. */
export function checkAtRest(world: World): void {
  checkNow(world)
  for (const tab of world.tabs) {
    const { page } = tab
    if (page.probes.size === 0 || page.isFrozen) continue
    const { status, error, connection } = page.client.getState(USER)
    const facts = { page: page.name, status, error, connection }
    hold(error === null, 'what has failed heals', facts)
    hold(connection.status === 'open', 'the line is open', facts)
    hold(status !== null, 'something is known', facts)
    if (tab.upload) checkUpload(world, tab, tab.upload, status)
    else checkLatest(world, status)
    for (const step of STEPS) checkStepAtRest(world, tab, step)
    tab.hasOldCursor = false
  }
  checkTold(world)
}

function checkLatest(world: World, status: KycFileStatus): void {
  const { outcomes, why } = possibleLatest(world.answers, world.losses)
  hold(outcomes.has(status.outcome), 'without an attempt the latest answer speaks', {
    shown: status,
    expected: [...outcomes],
    why,
    answers: world.answers,
  })
}

function checkUpload(world: World, tab: Tab, upload: Upload, status: KycFileStatus): void {
  const { answers } = world
  const facts = { page: tab.page.name, shown: status, upload, answers, points: tab.points }
  hold(upload.letGoAt !== null || upload.mayBeMissed, 'no upload is held for ever', facts)
  hold(status.attemptId !== null, 'an attempt lasts until it is cleared', facts)
  hold(status.files.expected === upload.files, 'an attempt knows how many files it has', facts)
  if (!isFree(upload, status)) {
    const points = tab.points ?? possiblePoints(upload, answers)
    const explaining = pointsThatExplain(points, answers, upload.files, status.files)
    hold(explaining.length > 0, 'each answer since the upload was let go counts, once, and no other', {
      ...facts,
      expected: points.map((point) => ({ point, ...countFrom(answers, point) })),
    })
    tab.points = explaining
  }
  checkDoubt(world, tab, upload, doubtOf(status), facts)
}

function checkDoubt(world: World, tab: Tab, upload: Upload, doubt: Doubt | null | undefined, facts: object): void {
  if (doubt === undefined || upload.isExcused) return
  hold(doubt !== 'missed' || upload.mayBeMissed, 'doubt is not `missed` where nothing can be missing', facts)
  hold(doubt !== 'owed' || upload.owed !== 'no', 'doubt is not `owed` where no answer is owed', facts)
  hold(doubt !== null || upload.owed !== 'yes', 'doubt is `owed` where an answer to the upload before is', facts)
  if (doubt === 'missed' || !tab.points) return
  const counted = tab.points.map((point) => world.answers.length - point)
  hold(
    doubt !== 'extra' || Math.max(...counted) > upload.files,
    'doubt is `extra` only for more answers than files',
    facts,
  )
  hold(doubt !== null || Math.min(...counted) <= upload.files, 'doubt is `extra` for more answers than files', facts)
}

/** "Once for each attempt, in one tab of the browser, also after a reload." */
function checkTold(world: World): void {
  const told = new Map<string, number>()
  for (const { attemptId } of world.told) told.set(attemptId, (told.get(attemptId) ?? 0) + 1)
  for (const times of told.values())
    hold(times === 1, '`onOutcome` is called once for an attempt', { told: world.told })
  for (const { page } of world.tabs) {
    const { status } = page.client.getState(USER)
    if (page.probes.size === 0 || page.isFrozen || !status || status.attemptId === null) continue
    // The copy of a tab may have set its point a little later, and count one answer less.
    const isDecided = status.outcome === 'added' || status.outcome === 'error'
    hold(told.has(status.attemptId) || !isDecided, '`onOutcome` is called of each attempt that is decided', {
      page: page.name,
      status,
      told: world.told,
    })
  }
}

/** No trouble makes a page storm the relay. */
export function checkRequests(world: World, steps: number): void {
  const { requests } = world.wire
  const most = 30 + 8 * steps + world.time.now / 1000
  hold(requests.length <= most, 'requests are bounded', { requests: requests.length, most })
}

/** Backoff ends at 30 s with full jitter, and polling takes 5 s: more requests than that in a quiet minute are too many. */
const MOST_IN_A_MINUTE = 20
/** Where the relay asks for a minute of peace in each answer. */
const MOST_IN_PEACE = 3

export function checkQuietMinute(world: World, since: number): void {
  const { requests, obstacle, isSilent } = world.wire
  for (const { page, isVisible } of world.tabs) {
    const isWanted = isVisible && world.isOnline && page.probes.size > 0
    const most = obstacle === 'retry_after' && !isSilent ? MOST_IN_PEACE : MOST_IN_A_MINUTE
    const sent = requests.filter((request) => request.page === page && request.at >= since).length
    hold(sent <= (isWanted ? most : 0), 'a quiet minute has few requests, and none that nobody wants', {
      page: page.name,
      sent,
      isWanted,
      obstacle,
    })
  }
}
