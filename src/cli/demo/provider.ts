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

type Moment = Word | 'proof of address'

/** The two ways of onboarding, in full. A proof of address comes from the person, so the provider waits for it. */
const WAYS: Record<'a' | 'b', readonly Moment[]> = {
  /** The page collects the files, and each is answered. */
  a: [
    { frame: 'kyc-file', status: 'ADDED' },
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
  /** Goes one of the ways, from its beginning. Whatever else is on the way does not arrive. */
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
  /** Ends with whatever is on the way. */
  let run = new AbortController()
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
    // A new one takes the place of what was stopped, and that is no failure.
    await wait(ms, undefined, { signal }).catch(() => {})
    if (!signal.aborted) await post(word)
  }

  function stop(): void {
    run.abort()
    run = new AbortController()
    proof = null
    onPlaying('nothing')
  }

  return {
    post,
    stop,
    answer(scenario) {
      const { status, answersAfter } = SCENARIOS[scenario]
      return postAfter(answersAfter, { frame: 'kyc-file', status }, run)
    },
    async receiveProof() {
      if (proof) proof()
      else await postAfter(PACE, { frame: 'poa', status: 'WAITING' }, run)
    },
    async play(way) {
      stop()
      const playing = run
      try {
        for (const moment of WAYS[way]) {
          onPlaying(moment === 'proof of address' ? 'waits' : 'sends')
          if (moment === 'proof of address') {
            await new Promise<void>((resolve) => {
              proof = resolve
            })
            proof = null
          } else await postAfter(PACE, moment, playing)
          if (playing.signal.aborted) return
        }
      } finally {
        if (!playing.signal.aborted) onPlaying('nothing')
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
