import type { Page } from 'playwright'
import type { BrowserCommand } from 'vitest/node'

type Media = Pick<NonNullable<Parameters<Page['emulateMedia']>[0]>, 'colorScheme' | 'forcedColors' | 'reducedMotion'>

/** What a test in the browser asks for out here. */
export const mediaCommands = {
  /** Sets what a person prefers, as the browser tells it to pages. What is not named is as it was at first. */
  emulateMedia: (({ page }, media: Media) =>
    page.emulateMedia({
      colorScheme: 'light',
      forcedColors: 'none',
      reducedMotion: 'reduce',
      ...media,
    })) as BrowserCommand<[media: Media]>,
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    emulateMedia(media: Media): Promise<void>
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    isChromiumLocked: boolean
  }
}
