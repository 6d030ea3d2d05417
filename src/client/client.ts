import {
  aFunction,
  checkOptions,
  expect,
  type Rules,
  text,
  trueOrFalse,
  wholeNumber,
} from '../protocol/check-options.ts'
import { externalUserIdProblem } from '../protocol/external-user-id.ts'
import { InvalidOptionsError } from '../protocol/invalid-options.ts'
import { KYC_FILE_FRAME } from '../protocol/words.ts'
import { Channel, type ChannelOptions, type ChannelState } from './channel.ts'
import type { StepAttempt, UploadAttempt } from './knowledge/attempt.ts'
import { openBus } from './line/bus.ts'
import { createPause } from './line/pause.ts'
import { type PolicyOptions, policyRules, readWaits } from './line/policy.ts'
import { browserPresence, type Presence } from './line/presence.ts'
import { type Callbacks, newsOf } from './news.ts'
import { forgetOutcomes } from './storage/outcome.ts'
import { record } from './storage/record.ts'
import { type GetToken, readToken } from './token.ts'

export interface KycStatusClientOptions extends PolicyOptions, Callbacks {
  /** Where the relay is, its `basePath` included: `'/kyc'`, or `'https://relay.example'`. */
  url: string
  /**
   * Fetches the subscription token of the user who is signed in, from your server. Called before each request, and once more
   * after a `401`. If it throws, or returns what cannot be a token, nothing is sent, and it is called again later. Without
   * `getToken`, requests carry cookies.
   */
  getToken?: GetToken
  /** Default: the global `fetch`. */
  fetch?: typeof fetch
  /** One connection for all tabs of this origin, where the browser has Web Locks and BroadcastChannel. Default `true`. */
  shareAcrossTabs?: boolean
  /**
   * `polling` asks every 5 s instead of keeping a stream open. Default `auto`: it polls where streams can't be had, because
   * `fetch` has no body to read, something on the way swallows them, or the relay has no room for one more.
   */
  transport?: 'auto' | 'polling'
  /** Says whether the page is visible and online. Default: what the browser says. */
  presence?: Presence
}

/** Reads users' streams, over one connection for each user, however many read it. It needs no React. */
export interface KycStatusClient {
  /** Where its relay is. */
  readonly url: string
  /** What is known of a user now. The same object until something changes. */
  getState(externalUserId: string): ChannelState
  /**
   * Calls back after each change. The connection opens with the first subscriber, and closes 1 s after the last one left. A
   * new subscriber also makes a connection that was given up try again.
   */
  subscribe(externalUserId: string, listener: () => void): () => void
  /**
   * Resolves with what is known once that is up to date: at once while the stream is live, otherwise once the relay has
   * answered. Rejects with a `KycStatusError` if the line is given up or the user signs out, and when `signal` aborts.
   */
  ready(externalUserId: string, signal: AbortSignal): Promise<ChannelState>
  /**
   * Call it, and await it, before the bytes of an upload leave: only what the provider says from then on counts. It asks the
   * relay for a snapshot, whose cursor is the point from which answers count. It resolves after 3 s at most; without a snapshot
   * by then the point is set when the relay is heard next.
   *
   * @param options.files - how many files the upload has. Default 1.
   */
  beginUpload(externalUserId: string, options?: { step?: 'kyc-file'; files?: number }): Promise<UploadAttempt>
  /**
   * The same for another step, `poa` for example: from now on it is in review, until the first event after the point. Attempts
   * of several steps live beside each other.
   *
   * @param options.step - the frame of the step's webhook. Its files are not counted.
   */
  beginUpload(externalUserId: string, options: { step: string }): Promise<StepAttempt>
  /**
   * Corrects how many files an attempt of the step `kyc-file` has: one that was broken off has only those that were sent.
   * Without an attempt it does nothing.
   */
  setFiles(externalUserId: string, files: number): void
  /**
   * Ends an attempt whose upload did not leave, or that is of no interest any more: what came before speaks again.
   *
   * @param options.step - the step that the attempt is for. Default `kyc-file`.
   * @param options.isSent - the upload had left, so an answer to it may come during the next one, which says so in `doubt`.
   *   Default `false`.
   */
  clear(externalUserId: string, options?: { step?: string; isSent?: boolean }): void
  /**
   * Says whether a file for a step is on its way, for the timeline. This page alone remembers it, until a sign-out.
   *
   * @param step - the frame of the step's webhook.
   */
  setSending(externalUserId: string, step: string, isSending: boolean): void
  /** Connects again, now, also after an error. It does nothing once the client is closed. */
  reconnect(externalUserId: string): void
  /**
   * Call it at log-out. In all tabs of this origin and this `url` the connections close, attempts and what is known of users
   * are forgotten, and mounted hooks show nothing. A connection opens again with the next subscriber, `beginUpload` or
   * `reconnect`.
   */
  signOut(): void
  /** Ends this client in this tab, for good. At log-out call `signOut` instead. */
  close(): void
}

const rules: Rules = {
  ...policyRules,
  url: expect((url) => typeof url === 'string' && url !== '', 'expected a URL'),
  getToken: aFunction,
  fetch: aFunction,
  shareAcrossTabs: trueOrFalse,
  transport: expect((transport) => transport === 'auto' || transport === 'polling', "expected 'auto' or 'polling'"),
  onOutcome: aFunction,
  onError: aFunction,
  onStep: aFunction,
}

/** @throws {InvalidOptionsError} if an option can't work; the message names each one. */
export function createKycStatusClient(options: KycStatusClientOptions): KycStatusClient {
  checkOptions('createKycStatusClient', rules, { ...options, url: options?.url ?? '' })
  const { getToken, shareAcrossTabs = true } = options
  const base = options.url.replace(/\/+$/, '')
  const name = `kyc-upload-status ${base}`
  const channelOptions: Omit<ChannelOptions, 'externalUserId' | 'url' | 'name' | 'onChange'> = {
    isShared: shareAcrossTabs,
    isPolling: options.transport === 'polling' || !canStream(options.fetch),
    fetch: options.fetch,
    headers: getToken
      ? async (context) => ({ authorization: `Bearer ${await readToken(getToken, context)}` })
      : () => ({}),
    // Without a token, cookies say who this is.
    credentials: getToken ? 'same-origin' : 'include',
    pause: createPause(options.presence ?? browserPresence),
    // `forbidden` is another user's stream. Anything else may heal.
    policy: { ...readWaits(options), canRefresh: getToken !== undefined, finals: ['forbidden'] },
  }
  const channels = new Map<string, Channel>()
  const warned = new Set<string>()
  let isClosed = false

  const forget = () => {
    for (const open of channels.values()) open.signOut()
    record.forget(`${name} `)
    forgetOutcomes()
  }
  // A person who signs out in one tab has signed out in all.
  const signOuts = openBus(name)
  signOuts?.addEventListener('message', forget)

  function channel(externalUserId: string): Channel {
    const known = channels.get(externalUserId)
    if (known) return known
    const problem = externalUserIdProblem(externalUserId)
    if (problem) throw new InvalidOptionsError(`externalUserId: ${problem}`)
    const created = new Channel({
      ...channelOptions,
      externalUserId,
      url: `${base}/events/${encodeURIComponent(externalUserId)}`,
      name: `${name} ${externalUserId}`,
      onChange: newsOf(options, externalUserId, warned),
    })
    if (isClosed) created.close()
    channels.set(externalUserId, created)
    return created
  }

  return {
    url: base,
    getState: (externalUserId) => channel(externalUserId).state,
    subscribe: (externalUserId, listener) => channel(externalUserId).subscribe(listener),
    ready: async (externalUserId, signal) => channel(externalUserId).ready(signal),
    beginUpload: async (externalUserId: string, uploadOptions: { step?: string; files?: number } = {}) => {
      const { step = KYC_FILE_FRAME, files = 1 } = uploadOptions
      // Files are counted for this step alone.
      const isFile = step === KYC_FILE_FRAME
      checkOptions('beginUpload', { step: text, ...(isFile && { files: wholeNumber }) }, uploadOptions)
      return channel(externalUserId).beginUpload(step, files)
    },
    setFiles: (externalUserId, files) => {
      checkOptions('setFiles', { files: wholeNumber }, { files })
      channel(externalUserId).setFiles(files)
    },
    clear: (externalUserId, { step = KYC_FILE_FRAME, isSent = false } = {}) =>
      channel(externalUserId).clear(step, isSent),
    setSending: (externalUserId, step, isSending) => channel(externalUserId).setSending(step, isSending),
    reconnect: (externalUserId) => channel(externalUserId).reconnect(),
    signOut: () => {
      if (isClosed) return
      signOuts?.postMessage('signed out')
      forget()
    },
    close: () => {
      isClosed = true
      for (const open of channels.values()) open.close()
      signOuts?.close()
    },
  }
}

/** Tells whether a response can be read while it arrives. In React Native it can't. */
function canStream(fetch: unknown): boolean {
  if (typeof ReadableStream === 'undefined') return false
  return fetch !== undefined || (typeof Response !== 'undefined' && 'body' in Response.prototype)
}
