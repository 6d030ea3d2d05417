import type { KycTimelineMessages } from '../../../src/react/index.ts'

const modules = import.meta.glob<Record<string, KycTimelineMessages>>(
  ['../../../src/react/messages/timeline/*.ts', '!../../../src/react/messages/timeline/{complete,messages}.ts'],
  { eager: true },
)

/** Every catalogue that is there, with the name of its file and the names that it exports. */
export const catalogues = Object.entries(modules).flatMap(([path, module]) => {
  const file = path.replace(/^.*\/|\.ts$/g, '')
  return Object.values(module).map((messages) => ({ file, names: Object.keys(module), messages }))
})

/** Every text by its path, `steps.poa.name`. */
export function textsOf({ locale, direction, review, ...texts }: KycTimelineMessages): Map<string, string> {
  return new Map(flatten(texts))
}

function flatten(texts: object, path = ''): [string, string][] {
  return Object.entries(texts).flatMap<[string, string]>(([key, text]) =>
    typeof text === 'string' ? [[path + key, text]] : flatten(text, `${path}${key}.`),
  )
}
