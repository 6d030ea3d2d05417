import type { ReactNode } from 'react'
import { expect, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import type { KycMessageOverrides } from '../../src/react/index.ts'
import { Shown } from '../react/upload-status/shown.tsx'
import { SETTLED_AFTER, SHOWN_AT, STATES, type State } from '../react/upload-status/states.ts'

export interface GalleryProps {
  states?: readonly State[]
  direction?: 'ltr' | 'rtl'
  messages?: KycMessageOverrides
}

/** States side by side, each with its name. */
export function Gallery({ states = STATES, direction = 'ltr', messages = {} }: GalleryProps): ReactNode {
  return (
    <main className="gallery" dir={direction}>
      {states.map((state) => (
        <figure key={state.name}>
          <figcaption>{state.name}</figcaption>
          {/* The words stay English, because the browser of the tests has no letters but Latin ones. */}
          <Shown state={state} messages={{ ...messages, direction }} />
        </figure>
      ))}
    </main>
  )
}

/** Shows states as they stay. From then on nothing moves. */
export async function showGallery(props: GalleryProps = {}): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: SHOWN_AT })
  await render(<Gallery {...props} />)
  await vi.advanceTimersByTimeAsync(SETTLED_AFTER)
  await expect.poll(() => document.querySelectorAll('[data-part="root"][data-connection="lost"]').length).toBe(1)
  vi.useRealTimers()
}
