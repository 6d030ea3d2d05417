import { aFunction, checkOptions, expect, type Rules, trueOrFalse, wholeNumber } from '../protocol/check-options.ts'
import { externalUserIdProblem } from '../protocol/external-user-id.ts'
import { InvalidOptionsError } from '../protocol/invalid-options.ts'
import { Channel, type ChannelOptions, type ChannelState } from './channel.ts'
import type { KycStatusError } from './errors.ts'
import type { UploadAttempt } from './knowledge/attempt.ts'
import type { KycFileStatus } from './knowledge/upload-state.ts'
import { openBus } from './line/bus.ts'
import { Pause } from './line/pause.ts'
import { type PolicyOptions, policyRules, readWaits } from './line/policy.ts'
import { browserPresence, type Presence } from './line/presence.ts'
import { forgetOutcomes } from './storage/outcome.ts'
import { record } from './storage/record.ts'
import { type GetToken, readToken } from './token.ts'

export interface KycStatusClientOptions extends PolicyOptions {
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
  /**
   * Called when an attempt is `added` or `error` for the first time: once for each attempt, in one tab of the browser, and
   * not again after a reload.
   */
  onOutcome?: (status: KycFileStatus, context: { externalUserId: string; attemptId: string }) => void
  /**
   * Called for what goes wrong on the line, once for each change of `connection.cause`. Most of it heals by itself. Where tabs
   * share a connection, it is called in the tab that has the connection. It is not called for `closed`.
   */
  onError?: (error: KycStatusError, context: { externalUserId: string }) => void
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
  beginUpload(externalUserId: string, options?: { files?: number }): Promise<UploadAttempt>
  /**
   * Corrects how many files an attempt has: one that was broken off has only those that were sent. Without an attempt it
   * does nothing.
   */
  setFiles(externalUserId: string, files: number): void
  /**
   * Ends an attempt whose upload did not leave, or that is of no interest any more: the latest event speaks again.
   *
   * @param options.isSent - the upload had left, so an answer to it may come during the next one, which says so in `doubt`.
   *   Default `false`.
   */
  clear(externalUserId: string, options?: { isSent?: boolean }): void
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
  url: expect((url) => typeof url === 'string' && url !== '', 'expected the URL of the relay'),
  getToken: aFunction,
  fetch: aFunction,
  shareAcrossTabs: trueOrFalse,
  transport: expect((transport) => transport === 'auto' || transport === 'polling', "expected 'auto' or 'polling'"),
  onOutcome: aFunction,
  onError: aFunction,
}
const uploadRules: Rules = {
  files: wholeNumber,
}

/** @throws {InvalidOptionsError} if an option can't work; the message names each one. */
export function createKycStatusClient(options: KycStatusClientOptions): KycStatusClient {
  checkOptions('createKycStatusClient', rules, { ...options, url: options?.url ?? '' })
  const { getToken, onOutcome, onError, shareAcrossTabs = true } = options
  const base = options.url.replace(/\/+$/, '')
  const channelOptions: Omit<ChannelOptions, 'externalUserId' | 'url' | 'name' | 'onOutcome' | 'onError'> = {
    isShared: shareAcrossTabs,
    isPolling: options.transport === 'polling' || !canStream(options.fetch),
    fetch: options.fetch,
    headers: getToken
      ? async (context) => ({ authorization: `Bearer ${await readToken(getToken, context)}` })
      : () => ({}),
    // Without a token, cookies say who this is.
    credentials: getToken ? 'same-origin' : 'include',
    pause: new Pause(options.presence ?? browserPresence),
    // `forbidden` is another user's stream. Anything else may heal.
    policy: { ...readWaits(options), canRefresh: getToken !== undefined, finals: ['forbidden'] },
  }
  const channels = new Map<string, Channel>()
  const warned = new Set<string>()
  let isClosed = false

  const forget = () => {
    for (const open of channels.values()) open.signOut()
    record.forget(`kyc-upload-status ${base} `)
    forgetOutcomes()
  }
  // A person who signs out in one tab has signed out in all.
  const signOuts = openBus(`kyc-upload-status ${base}`)
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
      name: `kyc-upload-status ${base} ${externalUserId}`,
      onOutcome: onOutcome && ((status, attemptId) => onOutcome(status, { externalUserId, attemptId })),
      onError: (error) => {
        if (isDevelopment() && !warned.has(error.code)) console.warn(`kyc-upload-status: ${error.message}`)
        warned.add(error.code)
        onError?.(error, { externalUserId })
      },
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
    beginUpload: async (externalUserId, uploadOptions = {}) => {
      checkOptions('beginUpload', uploadRules, uploadOptions)
      return channel(externalUserId).beginUpload(uploadOptions.files ?? 1)
    },
    setFiles: (externalUserId, files) => {
      checkOptions('setFiles', uploadRules, { files })
      channel(externalUserId).setFiles(files)
    },
    clear: (externalUserId, { isSent = false } = {}) => channel(externalUserId).clear(isSent),
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

/** Bundlers replace the expression by its value. Without a bundler, a browser has no `process`. */
function isDevelopment(): boolean {
  try {
    return process.env.NODE_ENV !== 'production'
  } catch {
    return false
  }
}
