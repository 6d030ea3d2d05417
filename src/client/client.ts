import { externalUserIdProblem } from '../protocol/external-user-id.ts'
import { InvalidOptionsError } from '../protocol/invalid-options.ts'
import type { Attempt } from './attempt.ts'
import { Channel, type ChannelOptions, type ChannelState } from './channel.ts'
import type { RequestContext } from './connection.ts'
import { aFunction, checkOptions, expect, type Rules, trueOrFalse } from './options.ts'
import { Pause } from './pause.ts'
import { type PolicyOptions, policyRules, toPolicy } from './policy.ts'
import { browserPresence, type Presence } from './presence.ts'
import { canShare } from './tabs.ts'
import type { KycFileStatus } from './upload-state.ts'

/** Asked for before each request, so that a token never outlives its time. */
export type GetToken = (context: RequestContext) => string | Promise<string>

export interface KycStatusClientOptions extends PolicyOptions {
  /** Where the relay is, its `basePath` included: `'/kyc'`, or `'https://relay.example'`. */
  url: string
  /**
   * Fetches the subscription token of the user who is signed in, from your server. Called before each connection. Left out,
   * the request carries cookies instead.
   */
  getToken?: GetToken
  /** Default: the global `fetch`. */
  fetch?: typeof fetch
  /** One connection for all tabs of this origin, where the browser has Web Locks and BroadcastChannel. Default `true`. */
  shareAcrossTabs?: boolean
  /**
   * Told what became of an attempt, the first time that it is `added` or `error`: once for each attempt, in one tab of the
   * browser, also after a reload.
   */
  onOutcome?: (status: KycFileStatus, context: { externalUserId: string; attemptId: string }) => void
  /** Who says whether the page is visible and online. Default: the browser. */
  presence?: Presence
}

/** Reads users' streams, one connection a user, whoever and however many are reading. It needs no React. */
export interface KycStatusClient {
  /** Where its relay is. */
  readonly url: string
  /** What is known of a user now. The same object until something changes. */
  getState(externalUserId: string): ChannelState
  /** Calls back after each change. The connection opens with the first subscriber, and closes 1 s after the last one left. */
  subscribe(externalUserId: string, listener: () => void): () => void
  /** Resolves with what is known as soon as the relay has been heard. Rejects with a `KycStatusError`, or when `signal` aborts. */
  ready(externalUserId: string, signal: AbortSignal): Promise<ChannelState>
  /**
   * Call it, and await it, before the bytes of an upload leave: only what the provider says from here on counts. Without a
   * connection it waits for one, for at most 3 s.
   *
   * @param options.files - how many files the upload has. Default 1.
   */
  beginUpload(externalUserId: string, options?: { files?: number }): Promise<Attempt>
  /**
   * Corrects how many files an attempt has: one that was broken off has only those that were sent. Without an attempt it
   * does nothing.
   */
  setFiles(externalUserId: string, files: number): void
  /** Ends an attempt whose upload did not leave, or that is of no interest any more: the latest event speaks again. */
  clear(externalUserId: string): void
  /** Connects anew, now, also after an error. */
  reconnect(externalUserId: string): void
  /** Ends every connection for good, in all tabs that share it: at log-out. */
  close(): void
}

const rules: Rules = {
  ...policyRules,
  url: expect((url) => typeof url === 'string' && url !== '', 'expected the URL of the relay'),
  getToken: aFunction,
  fetch: aFunction,
  shareAcrossTabs: trueOrFalse,
  onOutcome: aFunction,
}
const uploadRules: Rules = {
  files: expect((files) => Number.isSafeInteger(files) && Number(files) >= 1, 'expected a whole number, 1 or more'),
}

/** @throws {InvalidOptionsError} if an option can't work; the message names each one. */
export function createKycStatusClient(options: KycStatusClientOptions): KycStatusClient {
  checkOptions('createKycStatusClient', rules, { ...options, url: options?.url ?? '' })
  const { getToken, onOutcome, shareAcrossTabs = true } = options
  const base = options.url.replace(/\/+$/, '')
  const channelOptions: Omit<ChannelOptions, 'name' | 'onOutcome'> = {
    url: base,
    isShared: shareAcrossTabs,
    // Looked up at each request, so that tools which replace the global one are seen.
    fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)),
    headers: getToken ? async (context) => ({ authorization: `Bearer ${await getToken(context)}` }) : () => ({}),
    canRefresh: getToken !== undefined,
    // Without a token it is cookies that say who this is.
    credentials: getToken ? 'same-origin' : 'include',
    pause: new Pause(options.presence ?? browserPresence),
    policy: toPolicy(options),
  }
  const channels = new Map<string, Channel>()
  let isClosed = false
  const close = () => {
    isClosed = true
    for (const open of channels.values()) open.close()
    logOuts?.close()
  }
  // Who logs out in one tab has logged out in all.
  const logOuts = shareAcrossTabs && canShare() ? openBus(`kyc-upload-status ${base}`) : null
  logOuts?.addEventListener('message', close)

  function channel(externalUserId: string): Channel {
    const known = channels.get(externalUserId)
    if (known) return known
    const problem = externalUserIdProblem(externalUserId)
    if (problem) throw new InvalidOptionsError(`externalUserId: ${problem}`)
    const created = new Channel(externalUserId, {
      ...channelOptions,
      name: `kyc-upload-status ${base} ${externalUserId}`,
      onOutcome: onOutcome && ((status, attemptId) => onOutcome(status, { externalUserId, attemptId })),
    })
    if (isClosed) created.close()
    channels.set(externalUserId, created)
    return created
  }

  return {
    url: base,
    getState: (externalUserId) => channel(externalUserId).state,
    subscribe: (externalUserId, listener) => channel(externalUserId).subscribe(listener),
    ready: (externalUserId, signal) => channel(externalUserId).when((state) => state.status !== null, signal),
    beginUpload: async (externalUserId, uploadOptions = {}) => {
      checkOptions('beginUpload', uploadRules, uploadOptions)
      return channel(externalUserId).beginUpload(uploadOptions.files ?? 1)
    },
    setFiles: (externalUserId, files) => {
      checkOptions('setFiles', uploadRules, { files })
      channel(externalUserId).setFiles(files)
    },
    clear: (externalUserId) => channel(externalUserId).clear(),
    reconnect: (externalUserId) => channel(externalUserId).reconnect(),
    close: () => {
      if (!isClosed) logOuts?.postMessage('closed')
      close()
    },
  }
}

/** `null` where the browser does not let it. */
function openBus(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name)
  } catch {
    return null
  }
}
