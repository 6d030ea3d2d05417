import { type RefCallback, useCallback, useRef } from 'react'

/** Where its element goes away while it has the focus, the focus moves to the root, and not to the top of the page. */
export function useFocusKeeper(): RefCallback<HTMLElement> {
  const kept = useRef<HTMLElement | null>(null)
  return useCallback((element: HTMLElement | null) => {
    const before = kept.current
    kept.current = element
    // React lets go of an element before it takes it out of the page.
    if (!element && before && before === document.activeElement) {
      before.closest<HTMLElement>('[data-scope^="kyc-upload"][data-part="root"]')?.focus()
    }
  }, [])
}
