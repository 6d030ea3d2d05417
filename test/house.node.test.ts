import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Which folder may import from which. Data flows one way: relay and client never meet but in protocol. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  protocol: [],
  relay: ['protocol'],
  client: ['protocol'],
  react: ['client', 'protocol'],
  testing: ['protocol'],
  cli: ['relay', 'protocol'],
}
/** Which folder may import which packages and built-in modules. */
const MAY_DEPEND: Record<string, readonly string[]> = {
  protocol: ['zod/mini'],
  relay: ['zod/mini', 'jose'],
  client: [],
  react: ['react', '@tanstack/react-query'],
  testing: [],
  cli: ['node:', 'prom-client'],
}
/** Files that may import one package more, each an entry point of its own: who does not use it does not load it. */
const MAY_ALSO_DEPEND: Record<string, string> = {
  'src/relay/telemetry/metrics.ts': 'prom-client',
  'src/relay/ingest/standard-webhooks.ts': 'standardwebhooks',
  'src/relay/stores/redis/connection.ts': 'redis',
  'src/relay/stores/redis/scripts.ts': 'redis',
}
/** The files of the relay that belong to Node.js; the rest runs wherever `fetch` does. */
const NODE_ONLY = [
  'servers/node.ts',
  'servers/node-incoming.ts',
  'servers/node-response.ts',
  'stores/sqlite/sqlite.ts',
  'stores/sqlite/sqlite-file.ts',
  'stores/sqlite/sqlite-positions.ts',
].map((file) => join('src/relay', file))

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
  .map((file) => join('src', file))
const roomOf = (file: string) => file.split('/')[1] ?? ''

function imports(file: string): string[] {
  const code = readFileSync(join(root, file), 'utf8')
  return [...code.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) => specifier)
}

it('has rooms that are all in the table', () => {
  expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(MAY_IMPORT).sort())
})

it.each(files)('%s imports what its room may import', (file) => {
  const room = roomOf(file)
  for (const specifier of imports(file)) {
    if (specifier.startsWith('.')) {
      const target = relative(root, join(root, dirname(file), specifier))
      expect([room, ...(MAY_IMPORT[room] ?? [])], `${file} imports ${specifier}`).toContain(roomOf(target))
      continue
    }
    const allowed = [...(MAY_DEPEND[room] ?? []), ...(NODE_ONLY.includes(file) ? ['node:'] : []), MAY_ALSO_DEPEND[file]]
    const isAllowed = allowed.some((name) => specifier === name || (name === 'node:' && specifier.startsWith(name)))
    expect(isAllowed, `${file} imports ${specifier}`).toBe(true)
  }
})

it('has no circles, of types either', () => {
  const graph = new Map(
    files.map((file) => [
      file,
      imports(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => join(dirname(file), specifier)),
    ]),
  )
  expect(findCircle(graph)).toBeNull()
  expect(findCircle(new Map([...graph, ['src/client/clock.ts', ['src/client/timers.ts']]]))).toEqual([
    'src/client/clock.ts',
    'src/client/timers.ts',
    'src/client/clock.ts',
  ])
})

/** The first circle of imports, from a file to itself. */
function findCircle(graph: Map<string, string[]>): string[] | null {
  const finished = new Set<string>()
  const walk = (file: string, path: string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (finished.has(file)) return null
    for (const next of graph.get(file) ?? []) {
      const circle = walk(next, [...path, file])
      if (circle) return circle
    }
    finished.add(file)
    return null
  }
  for (const file of [...graph.keys()].sort()) {
    const circle = walk(file, [])
    if (circle) return circle
  }
  return null
}

it('finds the imports that it checks', () => {
  expect(imports('src/cli/sqlite.ts')).toEqual(
    expect.arrayContaining(['../relay/stores/store.ts', '../relay/stores/sqlite/sqlite.ts']),
  )
})

it('measures entry points, beside packages that only the bench installs', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'bench/package.json'), 'utf8')) as Record<string, object>
  const peers = Object.keys(dependencies ?? {})
  const entryPoints = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports as Record<string, string>
  const isEntryPoint = (file: string) => Object.values(entryPoints).includes(`./${file}`)
  // The driver's clients wait as ours do, and show the tokens that ours show.
  const ownParts = ['src/client/line/backoff.ts', 'src/relay/access/subscription-tokens.ts']
  const isAllowed = (specifier: string, target: string) =>
    /^(node:\w+|vite$|redis$)/.test(specifier) ||
    (specifier.startsWith('.') && (target.startsWith('bench/') || isEntryPoint(target) || ownParts.includes(target))) ||
    peers.some((name) => specifier === name || specifier.startsWith(`${name}/`))

  const measuring = readdirSync(join(root, 'bench'), { recursive: true, encoding: 'utf8' })
    // What a page pays, and what single pieces take, is measured from the inside.
    .filter((file) => file.endsWith('.ts') && !/^(node_modules|client|micro)\//.test(file))
    .map((file) => join('bench', file))
  const used = measuring.flatMap((file) =>
    imports(file).map((specifier) => [specifier, join(dirname(file), specifier)] as const),
  )
  expect(used.map(([, target]) => target)).toEqual(
    expect.arrayContaining(['dist/react/index.js', 'dist/relay/index.js', 'bench/load/load.ts']),
  )
  expect(used.filter(([specifier, target]) => !isAllowed(specifier, target))).toEqual([])
})

it('reaches outside of its folder only in stories, demo and tests, by way of entry points', () => {
  const outside = ['stories', 'demo'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => join(folder, file)),
  )
  const reached = outside.flatMap(imports).filter((specifier) => specifier.includes('src/'))
  for (const specifier of reached)
    expect(specifier).toMatch(/src\/(react|react\/timeline|client|testing|protocol)\/index\.ts$/)
})
