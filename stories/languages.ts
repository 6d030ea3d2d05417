import { createContext } from 'react'
import type { KycMessages, KycTimelineMessages } from '../src/react/index.ts'

/** The texts of all components. */
export type AllMessages = KycMessages & { timeline: KycTimelineMessages }

const modules = import.meta.glob<object>('../src/react/messages/*.ts', { eager: true })
const timelineModules = import.meta.glob<object>('../src/react/messages/timeline/*.ts', { eager: true })
const cataloguesIn = <T extends { locale: string }>(found: Record<string, object>) =>
  Object.values(found)
    .flatMap((module) => Object.values(module) as unknown[])
    .filter((exported): exported is T => typeof exported === 'object' && exported !== null && 'locale' in exported)
const timelines = cataloguesIn<KycTimelineMessages>(timelineModules)

/** Every catalogue that there is, by its language. */
export const LANGUAGES: ReadonlyMap<string, AllMessages> = new Map(
  cataloguesIn<KycMessages>(modules).flatMap((messages) => {
    const timeline = timelines.find(({ locale }) => locale === messages.locale)
    return timeline ? [[messages.locale, { ...messages, timeline }]] : []
  }),
)

/** What the toolbar says of texts. */
export interface LanguageGlobals {
  language?: string
  direction?: 'ltr' | 'rtl' | 'language'
}

/** The texts of the language that is chosen in the toolbar, in the direction that is chosen there. */
export function messagesOf({ language = 'en', direction = 'language' }: LanguageGlobals): AllMessages {
  const messages = LANGUAGES.get(language)
  if (!messages) throw new Error(`there is no language ${language}: ${[...LANGUAGES.keys()].join(', ')}`)
  if (direction === 'language') return messages
  return { ...messages, direction, timeline: { ...messages.timeline, direction } }
}

/** The same, for what a story is made of. */
export const ToolbarMessages = createContext(messagesOf({}))
