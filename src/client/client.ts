import * as z from 'zod/mini'
import { externalUserIdSchema } from '../protocol/external-user-id.ts'
import { functionSchema, parseOptions } from '../protocol/options.ts'
import type { Attempt } from './attempt.ts'
import { Channel, type ChannelOptions, type ChannelState } from './channel.ts'
import type { RequestContext } from './connection.ts'
import { Pause } from './pause.ts'
import { policyOptions, toPolicy } from './policy.ts'
import type { Presence } from './presence.ts'
import { canShare } from './tabs.ts'
import type { KycFileStatus } from './upload-state.ts'

/** Asked for before each request, so that a token never outlives its time. */
export type GetToken = (context: RequestContext) => string | Promise<string>

export interface KycStatusClientOptions {
  /** Where the relay is, its `basePath` included: `'/kyc'`, or `'https://relay.example'`. */
  url: string
  /**
   * Fetches the subscription token of the user who is signed in, from your server. Called before each connection. Left out,
   * the request carries cookies instead.
   */
  getToken?: GetToken
  /** Default: the global `fetch`. */
  fetch?: typeof fetch
  retry?: {
    /** The longest first wait before reconnecting, in milliseconds. Default 500; a longer `retry:` of the relay replaces it. */
    base?: number
    /** The longest wait of all, in milliseconds. Default 30,000. */
    max?: number
    /** Milliseconds that a stream must hold before earlier failures are forgotten. Default 10,000. */
    stableAfter?: number
  }
  /** Milliseconds that the relay may take to answer, and to say what is known. Default 10,000. */
  connectTimeout?: number
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
  /** Ends an attempt whose upload did not leave, or that is of no interest any more: the latest event speaks again. */
  clear(externalUserId: string): void
  /** Connects anew, now, also after an error. */
  reconnect(externalUserId: string): void
  /** Ends every connection for good, in all tabs that share it: at log-out. */
  close(): void
}

const optionsSchema = z.strictObject({
  ...policyOptions,
  url: z.string('expected the URL of the relay').check(z.minLength(1, 'expected the URL of the relay')),
  getToken: z.optional(functionSchema<GetToken>()),
  fetch: z.optional(functionSchema<typeof fetch>()),
  shareAcrossTabs: z._default(z.boolean('expected true or false'), true),
  onOutcome: z.optional(functionSchema<NonNullable<KycStatusClientOptions['onOutcome']>>()),
})
const uploadSchema = z.strictObject({
  files: z._default(z.int('expected a whole number').check(z.minimum(1, 'expected 1 or more')), 1),
})

/** @throws {InvalidOptionsError} if an option can't work; the message names each one. */
export function createKycStatusClient(options: KycStatusClientOptions): KycStatusClient {
  const parsed = parseOptions('createKycStatusClient', optionsSchema, options)
  const { url, getToken } = parsed
  const base = url.replace(/\/+$/, '')
  const channelOptions: Omit<ChannelOptions, 'name' | 'onOutcome'> = {
    url: base,
    isShared: parsed.shareAcrossTabs,
    // Looked up at each request, so that tools which replace the global one are seen.
    fetch: parsed.fetch ?? ((...args) => globalThis.fetch(...args)),
    headers: getToken ? async (context) => ({ authorization: `Bearer ${await getToken(context)}` }) : () => ({}),
    canRefresh: getToken !== undefined,
    // Without a token it is cookies that say who this is.
    credentials: getToken ? 'same-origin' : 'include',
    pause: new Pause(parsed.presence),
    policy: toPolicy(parsed),
  }
  const channels = new Map<string, Channel>()
  let isClosed = false
  const close = () => {
    isClosed = true
    for (const open of channels.values()) open.close()
    logOuts?.close()
  }
  // Who logs out in one tab has logged out in all.
  const logOuts = parsed.shareAcrossTabs && canShare() ? openBus(`kyc-upload-status ${base}`) : null
  logOuts?.addEventListener('message', close)

  function channel(externalUserId: string): Channel {
    const known = channels.get(externalUserId)
    if (known) return known
    const user = parseOptions('externalUserId', externalUserIdSchema, externalUserId)
    const created = new Channel(user, {
      ...channelOptions,
      name: `kyc-upload-status ${base} ${user}`,
      onOutcome:
        parsed.onOutcome && ((status, attemptId) => parsed.onOutcome?.(status, { externalUserId: user, attemptId })),
    })
    if (isClosed) created.close()
    channels.set(user, created)
    return created
  }

  return {
    url: base,
    getState: (externalUserId) => channel(externalUserId).state,
    subscribe: (externalUserId, listener) => channel(externalUserId).subscribe(listener),
    ready: (externalUserId, signal) => channel(externalUserId).when((state) => state.status !== null, signal),
    beginUpload: async (externalUserId, uploadOptions = {}) => {
      const { files } = parseOptions('beginUpload', uploadSchema, uploadOptions)
      return channel(externalUserId).beginUpload(files)
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
