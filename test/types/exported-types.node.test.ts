import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import type TypeScript from './typescript-5.9/node_modules/typescript/lib/typescript.js'

// TypeScript 7 has no stable interface for programs yet.
const ts: typeof TypeScript = createRequire(new URL('typescript-5.9/package.json', import.meta.url))('typescript')

const root = fileURLToPath(new URL('../..', import.meta.url))
const ENTRIES = Object.entries(manifest.exports).flatMap(([name, target]): [string, string][] =>
  typeof target === 'string' && target.endsWith('.js')
    ? [[name.replace('.', manifest.name), join(root, target.replace(/\.js$/, '.d.ts'))]]
    : [],
)

const program = ts.createProgram(
  ENTRIES.map(([, file]) => file),
  {
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    jsx: ts.JsxEmit.ReactJSX,
    strict: true,
    noEmit: true,
  },
)
const checker = program.getTypeChecker()

function original(symbol: TypeScript.Symbol): TypeScript.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

/** The name of another declaration, if this node mentions one. */
function mentioned(node: TypeScript.Node): TypeScript.Node | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName
  if (ts.isTypeQueryNode(node)) return node.exprName
  if (ts.isImportTypeNode(node)) return node.qualifier
  return ts.isExpressionWithTypeArguments(node) ? node.expression : undefined
}

function ownDeclarations(symbol: TypeScript.Symbol): TypeScript.Declaration[] {
  return (symbol.declarations ?? []).filter(
    (declaration) =>
      declaration.getSourceFile().fileName.startsWith(join(root, 'dist/')) &&
      !ts.isTypeParameterDeclaration(declaration),
  )
}

/** The types of this package that are reached from the exports of a module and are not among them. */
function missingTypes(file: string): string[] {
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) throw new Error(`${file}: expected a module`)
  const exported = new Set(checker.getExportsOfModule(module).map(original))
  const met = new Set(exported)
  const missing: string[] = []

  function visit(node: TypeScript.Node, by: string): void {
    const name = mentioned(node)
    const found = name && checker.getSymbolAtLocation(name)
    const symbol = found && original(found)
    const [declaration] = symbol ? ownDeclarations(symbol) : []
    if (symbol && declaration && !met.has(symbol)) {
      met.add(symbol)
      const place = relative(root, declaration.getSourceFile().fileName)
      if (symbol.flags & ts.SymbolFlags.Type) missing.push(`${symbol.name} of ${place}, which ${by} names`)
    }
    ts.forEachChild(node, (child) => visit(child, by))
  }

  // The loop also comes to what `visit` adds to the set.
  for (const symbol of met) for (const declaration of ownDeclarations(symbol)) visit(declaration, symbol.name)
  return missing
}

it('reads the declarations of every entry point', () => {
  expect(ENTRIES.length).toBeGreaterThan(20)
  expect(program.getSyntacticDiagnostics()).toEqual([])
})

it.each(ENTRIES)('%s exports every type that its signatures name', (_, file) => {
  expect(missingTypes(file)).toEqual([])
})
