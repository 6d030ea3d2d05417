import { type RefCallback, useCallback, useRef } from 'react'

/** When its element goes away while it has the focus, the focus moves to the outermost root, and not to the top of the page. */
export function useFocusKeeper(): RefCallback<HTMLElement> {
  const kept = useRef<HTMLElement | null>(null)
  return useCallback((element: HTMLElement | null) => {
    const before = kept.current
    kept.current = element
    // React calls a ref with `null` before it removes the element. In StrictMode it also does so without removing it.
    if (element || !before || before !== document.activeElement) return
    const outermost = before.closest<HTMLElement>('[data-scope="kyc-upload"][data-part="root"]')
    const root = outermost ?? before.closest<HTMLElement>('[data-scope^="kyc-"][data-part="root"]')
    queueMicrotask(() => {
      const isLost = !before.isConnected && document.activeElement === document.body
      if (isLost) root?.focus()
    })
  }, [])
}
