import { type ReactNode, type RefObject, useCallback, useRef } from 'react'

/** Where its button goes away while it has the focus, the focus moves to the card, and not to the top of the page. */
export function RetryButton({
  card,
  onRetry,
  children,
}: {
  card: RefObject<HTMLElement | null>
  onRetry: () => void
  children: ReactNode
}): ReactNode {
  const button = useRef<HTMLButtonElement | null>(null)
  const attach = useCallback(
    (node: HTMLButtonElement | null) => {
      // React lets go of the old node before it takes it out of the page.
      if (!node && button.current && button.current === document.activeElement) card.current?.focus()
      button.current = node
    },
    [card],
  )
  return (
    <button ref={attach} type="button" onClick={onRetry} data-scope="kyc-upload-status" data-part="retry">
      {children}
    </button>
  )
}
