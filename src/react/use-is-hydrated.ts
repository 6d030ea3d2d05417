import { useSyncExternalStore } from 'react'

/** `false` on a server, and while a page hydrates. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    noSubscription,
    () => true,
    () => false,
  )
}

const noSubscription = () => () => {}
