import { focusManager, onlineManager } from '@tanstack/react-query'
import {
  createKycStatusClient as createClient,
  type KycStatusClient,
  type KycStatusClientOptions,
} from '../client/client.ts'
import { type Presence, together } from '../client/line/presence.ts'
import { isServer } from './is-server.ts'

/** Asks TanStack Query, so that what an application has told it of focus and network holds here too. */
const tanstackPresence: Presence = {
  isVisible: () => focusManager.isFocused(),
  isOnline: () => onlineManager.isOnline(),
  subscribe: (listener) => together(focusManager.subscribe(listener), onlineManager.subscribe(listener)),
}

/**
 * Makes the client of a page: once, outside of any component. TanStack Query's `focusManager` and `onlineManager` say whether
 * the page is visible and online, unless `presence` does.
 *
 * @throws {InvalidOptionsError} if an option can't work; the message names each one.
 */
export function createKycStatusClient(options: KycStatusClientOptions): KycStatusClient {
  // While nobody listens, TanStack Query does not hear the browser, and goes on saying what it heard last.
  const stop = isServer() ? () => {} : onlineManager.subscribe(() => {})
  const client = createClient({ presence: tanstackPresence, ...options })
  return { ...client, close: together(stop, client.close) }
}
