import { createContext } from 'react'
import type { KycMessages } from '../src/react/index.ts'

const modules = import.meta.glob<object>('../src/react/messages/*.ts', { eager: true })
const catalogues = Object.values(modules)
  .flatMap((module) => Object.values(module) as unknown[])
  .filter(isCatalogue)

/** Every catalogue that there is, by its language. */
export const LANGUAGES: ReadonlyMap<string, KycMessages> = new Map(
  catalogues.map((messages) => [messages.locale, messages]),
)

function isCatalogue(exported: unknown): exported is KycMessages {
  return typeof exported === 'object' && exported !== null && 'locale' in exported
}

/** What the toolbar says of texts. */
export interface LanguageGlobals {
  language?: string
  direction?: 'ltr' | 'rtl' | 'language'
}

/** The texts of the language that is chosen in the toolbar, in the direction that is chosen there. */
export function messagesOf({ language = 'en', direction = 'language' }: LanguageGlobals): KycMessages {
  const messages = LANGUAGES.get(language)
  if (!messages) throw new Error(`there is no language ${language}: ${[...LANGUAGES.keys()].join(', ')}`)
  return direction === 'language' ? messages : { ...messages, direction }
}

/** The same, for what a story is made of. */
export const ToolbarMessages = createContext(messagesOf({}))
