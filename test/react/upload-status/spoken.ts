import { onTestFinished } from 'vitest'

/** All that was ever said in the live regions of a page, in order. */
export function listen(container: HTMLElement): string[] {
  const spoken: string[] = []
  const observer = new MutationObserver((records) => {
    const regions = records.map(({ target }) =>
      (target instanceof Element ? target : target.parentElement)?.closest('[role="status"],[role="alert"]'),
    )
    for (const region of new Set(regions)) {
      if (region?.textContent) spoken.push(`${region.getAttribute('role')}: ${region.textContent}`)
    }
  })
  observer.observe(container, { subtree: true, childList: true, characterData: true })
  onTestFinished(() => observer.disconnect())
  return spoken
}
