import { type RefObject, useEffect } from 'react'

/** Tells what comes into the live regions below an element: what a screen reader is given to say. */
export function useSpoken(element: RefObject<HTMLElement | null>, tell: (line: string) => void): void {
  useEffect(() => {
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const changed = target instanceof Element ? target : target.parentElement
        const region = changed?.closest('[role="status"], [role="alert"]')
        if (region?.textContent) tell(`${region.role}: ${region.textContent}`)
      }
    })
    if (element.current) observer.observe(element.current, { subtree: true, childList: true, characterData: true })
    return () => observer.disconnect()
  }, [element, tell])
}
