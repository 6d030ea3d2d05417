import type { KycMessages } from 'kyc-upload-status'
import { en } from 'kyc-upload-status/messages/en'
import type { ReactNode } from 'react'

/** Each language is loaded when somebody chooses it. The page around the component stays English. */
const LANGUAGES: Record<string, () => Promise<KycMessages>> = {
  English: async () => en,
  Deutsch: async () => (await import('kyc-upload-status/messages/de')).de,
  Español: async () => (await import('kyc-upload-status/messages/es')).es,
  日本語: async () => (await import('kyc-upload-status/messages/ja')).ja,
  العربية: async () => (await import('kyc-upload-status/messages/ar')).ar,
}

export function LanguageSwitch({ onChange }: { onChange: (messages: KycMessages) => void }): ReactNode {
  return (
    <label className="language">
      Language{' '}
      <select onChange={({ target }) => void LANGUAGES[target.value]?.().then(onChange)}>
        {Object.keys(LANGUAGES).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
