import type { KycMessages, KycPluralMessage } from '../../src/react/index.ts'

const modules = import.meta.glob<Record<string, KycMessages>>(
  ['../../src/react/messages/*.ts', '!../../src/react/messages/{complete,format,messages}.ts'],
  { eager: true },
)

/** Every catalogue that is there, with the name of its file and the names that it exports. */
export const catalogues = Object.entries(modules).flatMap(([path, module]) => {
  const file = path.replace(/^.*\/|\.ts$/g, '')
  return Object.values(module).map((messages) => ({ file, names: Object.keys(module), messages }))
})

/** Every text by its path, `upload.submit`; the forms of a plural are one text. */
export function textsOf({ locale, direction, review, ...texts }: KycMessages): Map<string, string | KycPluralMessage> {
  return new Map(flatten(texts))
}

function flatten(texts: object, path = ''): [string, string | KycPluralMessage][] {
  return Object.entries(texts).flatMap<[string, string | KycPluralMessage]>(([key, text]) =>
    typeof text === 'string' || 'other' in text ? [[path + key, text]] : flatten(text, `${path}${key}.`),
  )
}

/** The forms of a plural, or the text itself. */
export function formsOf(text: string | KycPluralMessage): string[] {
  return typeof text === 'string' ? [text] : Object.values(text)
}
