import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'

/*
 * The oldest browsers for the code are those of TanStack Query 5: Chrome and Edge 91, Firefox 90, Safari 15. Web Locks
 * (Firefox 96, Safari 15.4) and BroadcastChannel (Safari 15.4) are not in the lists, because the code asks for them before
 * it uses them.
 */

/** Methods by name, on whatever they are called. */
const METHODS = [
  'at',
  'findLast',
  'findLastIndex',
  'toSorted',
  'toReversed',
  'toSpliced',
  'with',
  'throwIfAborted',
  'union',
  'intersection',
  'difference',
  'symmetricDifference',
  'isSubsetOf',
  'isSupersetOf',
  'isDisjointFrom',
  'isWellFormed',
  'toWellFormed',
]
/** Properties of a global. */
const PROPERTIES: Record<string, readonly string[]> = {
  Object: ['hasOwn', 'groupBy'],
  Map: ['groupBy'],
  Array: ['fromAsync'],
  Promise: ['withResolvers', 'try'],
  AbortSignal: ['any', 'timeout', 'abort'],
  Symbol: ['dispose', 'asyncDispose'],
  crypto: ['randomUUID'],
  URL: ['canParse', 'parse'],
  Response: ['json'],
  ReadableStream: ['from'],
  Intl: ['Segmenter', 'DurationFormat', 'supportedValuesOf'],
}
const GLOBALS = [
  'structuredClone',
  'scheduler',
  'requestIdleCallback',
  'TransformStream',
  'TextDecoderStream',
  'TextEncoderStream',
  'DisposableStack',
  'AsyncDisposableStack',
  'Iterator',
]
const ITERATOR_HELPERS = ['map', 'filter', 'take', 'drop', 'flatMap', 'reduce', 'toArray', 'forEach', 'some', 'find']

type Node = { type: string } & Record<string, unknown>

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

/** The name of an identifier, or the last one of `a.b.name`. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return ''
  if (node.type === 'ChainExpression') return nameOf(node.expression)
  if (node.type === 'MemberExpression') return nameOf(node.property)
  if (node.type === 'Literal') return String(node.value)
  return node.type === 'Identifier' ? String(node.name) : ''
}

const isSignal = (node: unknown) => /signal$/i.test(nameOf(node))

/** Whether a call gives an iterator and not an array: `map.values()`, but not `Object.values(map)`. */
function isIteratorCall(node: unknown): boolean {
  if (!isNode(node) || node.type !== 'CallExpression' || !isNode(node.callee)) return false
  const { type, object } = node.callee
  if (type !== 'MemberExpression' || nameOf(object) === 'Object') return false
  return ['keys', 'values', 'entries', 'matchAll'].includes(nameOf(node.callee))
}

/** What of this node the oldest browsers do not know, by itself; `null` if they do. */
function tooNew(node: Node, isInFunction: boolean): string | null {
  switch (node.type) {
    case 'MemberExpression': {
      const [owner, name] = [nameOf(node.object), node.computed ? '' : nameOf(node.property)]
      if (PROPERTIES[owner]?.includes(name)) return `${owner}.${name}`
      if (name === 'reason' && isSignal(node.object)) return 'signal.reason'
      if (['globalThis', 'window', 'self'].includes(owner) && GLOBALS.includes(name)) return name
      if (isIteratorCall(node.object) && ITERATOR_HELPERS.includes(name)) return `Iterator.prototype.${name}`
      return null
    }
    case 'VariableDeclarator':
      return isSignal(node.init) && Object(node.id).properties?.some(({ key }: Node) => nameOf(key) === 'reason')
        ? 'signal.reason'
        : null
    case 'CallExpression': {
      const name = isNode(node.callee) && node.callee.type === 'MemberExpression' ? nameOf(node.callee) : ''
      if (METHODS.includes(name)) return `.${name}()`
      return GLOBALS.find((global) => isNode(node.callee) && node.callee.name === global) ?? null
    }
    case 'NewExpression':
      return GLOBALS.find((name) => isNode(node.callee) && node.callee.name === name) ?? null
    case 'ClassDeclaration':
    case 'ClassExpression':
      return GLOBALS.find((name) => isNode(node.superClass) && node.superClass.name === name) ?? null
    case 'StaticBlock':
      return 'static {}'
    case 'VariableDeclaration':
      return String(node.kind).endsWith('using') ? 'using' : null
    case 'ImportDeclaration':
      return Array.isArray(node.attributes) && node.attributes.length > 0 ? 'import … with' : null
    case 'AwaitExpression':
      return isInFunction ? null : 'top-level await'
    case 'ForOfStatement':
      if (!node.await) return null
      if (!isInFunction) return 'top-level await'
      return /(body|stream)$/i.test(nameOf(node.right)) ? 'for await … of a stream' : null
    case 'Literal': {
      if (!node.regex) return null
      const { pattern, flags } = node.regex as { pattern: string; flags: string }
      if (/\(\?<[=!]/.test(pattern)) return 'lookbehind'
      const [flag] = /[dv]/.exec(flags) ?? []
      return flag ? `regular expression flag ${flag}` : null
    }
    default:
      return null
  }
}

/** All of a piece of code that the oldest browsers do not know. Comments and strings are not looked at. */
function tooNewIn(code: string): string[] {
  const found: string[] = []
  const visit = (node: Node, isInFunction: boolean) => {
    const name = tooNew(node, isInFunction)
    if (name !== null) found.push(name)
    const isWithin = isInFunction || /Function/.test(node.type)
    for (const value of Object.values(node))
      for (const child of [value].flat()) if (isNode(child)) visit(child, isWithin)
  }
  visit(parseAst(code) as unknown as Node, false)
  return found
}

const root = fileURLToPath(new URL('..', import.meta.url))
const ours = ['client', 'react', 'protocol'].flatMap((folder) =>
  readdirSync(join(root, 'dist', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => join('dist', folder, file)),
)

describe('the code that a page loads', () => {
  it('is found', () => {
    expect(ours).toEqual(
      expect.arrayContaining(['dist/client/index.js', 'dist/react/index.js', 'dist/protocol/index.js']),
    )
  })

  it.each(ours)('runs in Chrome 91, Firefox 90 and Safari 15: %s', (file) => {
    expect(tooNewIn(readFileSync(join(root, file), 'utf8'))).toEqual([])
  })
})

describe('the check', () => {
  it.each([
    ["Object.hasOwn(a, 'b')", 'Object.hasOwn'],
    ['list.at(-1)', '.at()'],
    ['list?.at(-1)', '.at()'],
    ['list.findLast(test)', '.findLast()'],
    ['list.toSorted()', '.toSorted()'],
    ['list.toReversed()', '.toReversed()'],
    ['list.with(0, 1)', '.with()'],
    ['structuredClone(a)', 'structuredClone'],
    ['globalThis.structuredClone(a)', 'structuredClone'],
    ['throw signal.reason', 'signal.reason'],
    ['controller.signal.reason', 'signal.reason'],
    ['const { aborted, reason } = request.signal', 'signal.reason'],
    ['AbortSignal.any([a, b])', 'AbortSignal.any'],
    ['AbortSignal.timeout(1)', 'AbortSignal.timeout'],
    ['signal.throwIfAborted()', '.throwIfAborted()'],
    ['const a = { [Symbol.dispose]() {} }', 'Symbol.dispose'],
    ['function f() { using a = b() }', 'using'],
    ['crypto.randomUUID()', 'crypto.randomUUID'],
    ['globalThis.crypto.randomUUID()', 'crypto.randomUUID'],
    ['Array.fromAsync(a)', 'Array.fromAsync'],
    ['Promise.withResolvers()', 'Promise.withResolvers'],
    ['Object.groupBy(a, f)', 'Object.groupBy'],
    ['class A { static { f() } }', 'static {}'],
    ['/(?<=a)b/.test(c)', 'lookbehind'],
    ['/(?<!a)b/.test(c)', 'lookbehind'],
    ['/a/v.test(b)', 'regular expression flag v'],
    ['/a/dg.exec(b)', 'regular expression flag d'],
    ['await a', 'top-level await'],
    ['async function f() { for await (const a of response.body) g(a) }', 'for await … of a stream'],
    ['map.values().map(f)', 'Iterator.prototype.map'],
    ['class A extends TransformStream {}', 'TransformStream'],
    ["import a from 'a' with { type: 'json' }", 'import … with'],
  ])('refuses %s', (code, name) => {
    expect(tooNewIn(code)).toEqual([name])
  })

  it.each([
    "// Object.hasOwn(a, 'b')\nf('list.at(-1)', `structuredClone(a)`)",
    'class A { #b; static has(a) { return #b in a } }',
    'async () => { await a; for await (const b of c()) f(b) }',
    'pause.reason ??= null',
    'Date.parse(data.at)',
    'Object.values(a).map(f)',
    '/(?<name>a)b/u.exec(c)?.groups',
    'controller.abort(error)',
    'navigator.locks?.request(a, f)',
  ])('accepts %s', (code) => {
    expect(tooNewIn(code)).toEqual([])
  })
})
