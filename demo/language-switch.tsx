import type { KycMessages } from 'kyc-upload-status'
import { en } from 'kyc-upload-status/messages/en'
import { en as timelineEn } from 'kyc-upload-status/messages/timeline/en'
import type { KycTimelineMessages } from 'kyc-upload-status/timeline'
import type { ReactNode } from 'react'

export interface Language {
  messages: KycMessages
  timeline: KycTimelineMessages
}

export const ENGLISH: Language = { messages: en, timeline: timelineEn }

const both = async (messages: Promise<KycMessages>, timeline: Promise<KycTimelineMessages>): Promise<Language> => ({
  messages: await messages,
  timeline: await timeline,
})

/** Each language is loaded when somebody chooses it. The page around the components stays English. */
const LANGUAGES: Record<string, () => Promise<Language>> = {
  English: async () => ENGLISH,
  Deutsch: () =>
    both(
      import('kyc-upload-status/messages/de').then(({ de }) => de),
      import('kyc-upload-status/messages/timeline/de').then(({ de }) => de),
    ),
  Español: () =>
    both(
      import('kyc-upload-status/messages/es').then(({ es }) => es),
      import('kyc-upload-status/messages/timeline/es').then(({ es }) => es),
    ),
  日本語: () =>
    both(
      import('kyc-upload-status/messages/ja').then(({ ja }) => ja),
      import('kyc-upload-status/messages/timeline/ja').then(({ ja }) => ja),
    ),
  العربية: () =>
    both(
      import('kyc-upload-status/messages/ar').then(({ ar }) => ar),
      import('kyc-upload-status/messages/timeline/ar').then(({ ar }) => ar),
    ),
}

export function LanguageSwitch({ onChange }: { onChange: (language: Language) => void }): ReactNode {
  return (
    <label className="language">
      <span>Language</span>{' '}
      <select onChange={({ target }) => void LANGUAGES[target.value]?.().then(onChange)}>
        {Object.keys(LANGUAGES).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
