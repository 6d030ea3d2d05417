import { useSyncExternalStore } from 'react'

/** `false` on a server, and while a page hydrates. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(noSubscription, yes, no)
}

const noSubscription = () => () => {}
const yes = () => true
const no = () => false
