import { setTimeout as wait } from 'node:timers/promises'
import { pathOf, type Word } from './webhooks.ts'

/** What the person who tries the demo can choose. */
export const SCENARIOS = {
  added: { status: 'ADDED', answersAfter: 3000, outage: 0 },
  error: { status: 'ERROR', answersAfter: 3000, outage: 0 },
  slow: { status: 'ADDED', answersAfter: 15_000, outage: 0 },
  /** The page's line breaks, the provider answers meanwhile, and the line comes back after that. */
  lost: { status: 'ADDED', answersAfter: 4000, outage: 8000 },
} as const

export type Scenario = keyof typeof SCENARIOS

/** How long the provider takes for each webhook of a whole onboarding, in milliseconds. */
const PACE = 2000

/** A webhook, or what somebody sends first. */
type Moment = Word | 'document' | 'proof of address'

/** The two ways of onboarding, in full. A proof of address comes from the person, so the provider waits for it. */
const WAYS: Record<'a' | 'b', readonly Moment[]> = {
  /** The page collects the files, and each is answered. */
  a: [
    'document',
    'proof of address',
    { frame: 'poa', status: 'WAITING' },
    { frame: 'poa', status: 'QUESTIONED' },
    'proof of address',
    { frame: 'poa', status: 'WAITING' },
    { frame: 'poa', status: 'APPROVED' },
    { frame: 'user-balance', status: 'ACTIVE' },
  ],
  /** The pages of a vendor collect them, and the verification as a whole is answered. */
  b: [
    { frame: 'kyc-verification', status: 'PENDING' },
    { frame: 'kyc-verification', status: 'REVIEWING' },
    { frame: 'kyc-verification', status: 'APPROVED' },
    { frame: 'user-balance', status: 'ACTIVE' },
  ],
}

export type Way = keyof typeof WAYS

/** What the provider is doing by itself. */
export type Playing = 'nothing' | 'sends' | 'waits'

export interface Provider {
  /** Posts one webhook now; rejects where it is not taken in. */
  post(word: Word): Promise<void>
  /** Answers an upload of a document, after its time. */
  answer(scenario: Scenario): Promise<void>
  /** Has received a proof of address: a way that waits for it goes on, otherwise it is in the queue for review. */
  receiveProof(): Promise<void>
  /** Goes one of the ways, from its beginning, and no other one any more. Documents that were uploaded get their answers. */
  play(way: Way): Promise<void>
  /** Whatever is on the way does not arrive. */
  stop(): void
}

/** Stands for the provider: it posts each webhook over HTTP, as the real one does. */
export function simulatedProvider({
  url,
  token,
  externalUserId,
  onPlaying,
}: {
  /** Where the relay is. */
  url(): string
  token: string
  externalUserId: string
  onPlaying(playing: Playing): void
}): Provider {
  /** Ends when the person starts over. */
  let run = new AbortController()
  /** Ends also when a way is gone from its beginning. */
  let playing = new AbortController()
  const answers = new Set<Promise<void>>()
  let proof: (() => void) | null = null

  async function post({ frame, status }: Word): Promise<void> {
    const response = await fetch(`${url()}${pathOf(frame)}`, {
      method: 'POST',
      headers: { authorization: token, 'content-type': 'application/json' },
      body: JSON.stringify({ externalUserId, status }),
    })
    if (!response.ok) throw new Error(`the relay answered ${response.status} to ${frame} ${status}`)
  }

  async function postAfter(ms: number, word: Word, { signal }: AbortController): Promise<void> {
    // What is stopped does not arrive, and that is no failure.
    await wait(ms, undefined, { signal }).catch(() => {})
    if (!signal.aborted) await post(word)
  }

  function stopPlaying(): void {
    playing.abort()
    playing = new AbortController()
    proof = null
    onPlaying('nothing')
  }

  async function live(moment: Moment, way: AbortController): Promise<void> {
    if (moment === 'proof of address') {
      onPlaying('waits')
      await new Promise<void>((resolve) => {
        proof = resolve
      })
      proof = null
      return
    }
    onPlaying('sends')
    if (moment !== 'document') await postAfter(PACE, moment, way)
    // A second answer would be one too many.
    else if (answers.size > 0) await Promise.all(answers)
    else await postAfter(PACE, { frame: 'kyc-file', status: 'ADDED' }, way)
  }

  return {
    post,
    stop() {
      run.abort()
      run = new AbortController()
      stopPlaying()
    },
    async answer(scenario) {
      const { status, answersAfter } = SCENARIOS[scenario]
      const answer = postAfter(answersAfter, { frame: 'kyc-file', status }, run)
      answers.add(answer)
      try {
        await answer
      } finally {
        answers.delete(answer)
      }
    },
    async receiveProof() {
      if (proof) proof()
      else await postAfter(PACE, { frame: 'poa', status: 'WAITING' }, run)
    },
    async play(way) {
      stopPlaying()
      const own = playing
      try {
        for (const moment of WAYS[way]) {
          await live(moment, own)
          if (own.signal.aborted) return
        }
      } finally {
        if (!own.signal.aborted) onPlaying('nothing')
      }
    },
  }
}

export function isScenario(scenario: string | null): scenario is Scenario {
  return scenario !== null && Object.hasOwn(SCENARIOS, scenario)
}

export function isWay(way: string | null): way is Way {
  return way !== null && Object.hasOwn(WAYS, way)
}
