// Imports entry points as a bundler does for React server components, and prints what each of them exports. Run it with
// `node --conditions=react-server`, so that React is the one of a server: without `createContext` and most hooks.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'

const CLIENT_REFERENCE = Symbol.for('react.client.reference')

/** The names that a module exports, if it begins with 'use client'; `null` if it does not. */
function clientExports(code: string): string[] | null {
  const { body } = parseAst(code)
  const [first] = body
  if (first?.type !== 'ExpressionStatement' || first.directive !== 'use client') return null
  return body.flatMap((statement) => {
    if (statement.type === 'ExportAllDeclaration') throw new Error('a bundler cannot list the names of `export *`')
    if (statement.type !== 'ExportNamedDeclaration') return []
    const { declaration, specifiers } = statement
    const exported = specifiers.map((specifier) => 'name' in specifier.exported && specifier.exported.name)
    const declared =
      declaration?.type === 'VariableDeclaration'
        ? declaration.declarations.map(({ id }) => 'name' in id && id.name)
        : [declaration && 'id' in declaration && declaration.id && 'name' in declaration.id && declaration.id.name]
    return [...exported, ...declared].filter((name) => typeof name === 'string')
  })
}

registerHooks({
  load(url, context, nextLoad) {
    const code = url.startsWith('file:') && !url.endsWith('.json') ? readFileSync(fileURLToPath(url), 'utf8') : ''
    const names = context.format === 'module' && code.includes('use client') ? clientExports(code) : null
    if (!names) return nextLoad(url, context)
    // Each export is a reference by itself: nothing of what hangs on it is known to the server.
    const references = names.map(
      (name) =>
        `export const ${name} = Object.assign(() => { throw new Error('${name} is not for the server') }, { $$typeof: Symbol.for('react.client.reference') })`,
    )
    return { format: 'module', source: references.join('\n'), shortCircuit: true }
  },
})

const found: Record<string, Record<string, 'reference' | 'value'>> = {}
for (const entry of process.argv.slice(2)) {
  const exported: object = await import(entry)
  found[entry] = Object.fromEntries(
    Object.entries(exported).map(([name, value]) => [
      name,
      Object(value).$$typeof === CLIENT_REFERENCE ? 'reference' : 'value',
    ]),
  )
}
console.log(JSON.stringify(found))
