import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import tools from '../../tools/package.json' with { type: 'json' }

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const fixture = (name: string) => fileURLToPath(new URL(`consumer/${name}`, import.meta.url))

/** The most that a command may say, in bytes. */
const MAX_OUTPUT = 16 * 1024 * 1024

/** Beside what the package depends on: what an application has for its own sake. */
const APPLICATION_HAS = ['@types/react', '@types/node']

/** Of whose packages an application is made: those of this repository, or, where `tools` has one, the oldest that is supported. */
export type Age = 'newest' | 'oldest'

/** An application has a project for its page, without the types of Node.js, and one for its server, without a browser's. */
const PROJECTS = {
  page: { lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [], jsx: 'react-jsx' },
  server: { lib: ['ES2023'], types: ['node'] },
}
type Project = keyof typeof PROJECTS
export type Resolution = 'bundler' | 'nodenext'

/** What the README's examples take for granted, by a word that tells each example from the others. */
const AROUND_EXAMPLES: Record<string, { project: Project; before?: string; after?: string }> = {
  "import 'kyc-upload-status/styles.css'": {
    project: 'page',
    before: 'declare function fetchToken(): Promise<string>\n',
  },
  'function fetchToken': { project: 'page', after: '\nexport { fetchToken }' },
  'xhrUpload(': { project: 'page' },
  "from 'kyc-upload-status/timeline'": { project: 'page' },
  '= useKycFileStatus(': {
    project: 'page',
    before: `
      import { useKycFileStatus } from 'kyc-upload-status'
      declare function sendToYourServer(file: File): Promise<void>
      export function Upload({ userId }: { userId: string }) {
    `,
    after: '\nreturn { data, connection, isOverdue, upload } }',
  },
  "from 'kyc-upload-status/relay'": {
    project: 'server',
    before: `
      import type { IncomingMessage, ServerResponse } from 'node:http'
      type SignedIn = IncomingMessage & { user: { id: string } }
      type Next = () => void
      declare function signedIn(request: IncomingMessage, response: ServerResponse, next: Next): void
      declare const app: {
        use(path: string, handler: (request: IncomingMessage, response: ServerResponse, next: Next) => unknown): void
        post(
          path: string,
          before: typeof signedIn,
          handler: (request: SignedIn, response: ServerResponse & { send(body: string): unknown }) => unknown,
        ): void
      }
    `,
  },
}

/** Every example in TypeScript that the README has, each as a file that stands for itself. */
function readmeExamples(): { project: Project; name: string; code: string }[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const examples = [...readme.matchAll(/^```(tsx?)\n(.*?)^```$/gms)]
  // One each, so that none is left out, be it for the way in which it is looked for.
  return Object.entries(AROUND_EXAMPLES).map(([word, { project, before = '', after = '' }], index) => {
    const [example, another] = examples.filter(([, , code = '']) => code.includes(word))
    if (!example || another || examples.length !== Object.keys(AROUND_EXAMPLES).length)
      throw new Error(
        `README.md: expected ${Object.keys(AROUND_EXAMPLES).length} examples, one with ${word}; see AROUND_EXAMPLES`,
      )
    const [, extension, code] = example
    return { project, name: `readme-${index + 1}.${extension}`, code: `${before}${code}${after}` }
  })
}

/**
 * An application that has installed the package: from its tarball, so that it sees what is published and nothing else. What
 * the package depends on comes from this repository. It stands outside of it, lest something be found that is not installed.
 */
export async function installPacked(age: Age): Promise<string> {
  const examples = readmeExamples()
  const app = mkdtempSync(join(tmpdir(), 'kyc-upload-status-consumer-'))
  const packing = await run('npm', ['pack', '--offline', '--ignore-scripts', '--json', '--pack-destination', app], {
    cwd: root,
    maxBuffer: MAX_OUTPUT,
  })
  const [{ filename } = { filename: '' }] = JSON.parse(packing.stdout) as { filename: string }[]
  await run('tar', ['-xzf', filename], { cwd: app })
  mkdirSync(join(app, 'node_modules'))
  renameSync(join(app, 'package'), join(app, 'node_modules/kyc-upload-status'))

  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'peerDependencies',
    Record<string, string>
  >
  for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), ...APPLICATION_HAS]) {
    const link = join(app, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(installed(name, age), link)
  }

  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }))
  for (const project of Object.keys(PROJECTS)) mkdirSync(join(app, project))
  copyFileSync(fixture('page.tsx'), join(app, 'page/page.tsx'))
  copyFileSync(fixture('server.ts'), join(app, 'server/server.ts'))
  for (const { project, name, code } of examples) writeFileSync(join(app, project, name), code)
  return app
}

function installed(name: string, age: Age): string {
  return join(root, age === 'oldest' && name in tools.dependencies ? 'tools/node_modules' : 'node_modules', name)
}

/** Where each TypeScript version is installed: those beside the project's own have a workspace each, which pins it. */
const INSTALLED_IN = {
  '5.5': 'test/types/typescript-5.5',
  '5.9': 'test/types/typescript-5.9',
  '6.0': 'test/types/typescript-6.0',
  '7.0': '.',
}
export type TypeScriptVersion = keyof typeof INSTALLED_IN
export const typeScriptVersions = Object.keys(INSTALLED_IN) as TypeScriptVersion[]

function compiler(version: TypeScriptVersion): string {
  const from = createRequire(join(root, INSTALLED_IN[version], 'package.json'))
  const manifest = from.resolve('typescript/package.json')
  const { version: found } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  if (!found.startsWith(`${version}.`)) throw new Error(`expected TypeScript ${version}, found ${found}`)
  return join(dirname(manifest), 'bin/tsc')
}

/**
 * What a TypeScript version has to say of an application's two projects; `[]` if nothing. Declarations are checked too, ours
 * and those that ours are made of.
 */
export async function typecheck(app: string, version: TypeScriptVersion, moduleResolution: Resolution) {
  const said: string[] = []
  for (const [project, options] of Object.entries(PROJECTS)) {
    const compilerOptions = {
      ...options,
      module: moduleResolution === 'bundler' ? 'preserve' : 'nodenext',
      moduleResolution,
      target: 'ES2022',
      strict: true,
      skipLibCheck: false,
      noEmit: true,
    }
    const config = `tsconfig.${project}.${version}.${moduleResolution}.json`
    writeFileSync(join(app, config), JSON.stringify({ compilerOptions, include: [project] }))
    said.push(...(await compile(app, config, version)))
  }
  return said
}

async function compile(app: string, config: string, version: TypeScriptVersion): Promise<string[]> {
  try {
    await run(process.execPath, [compiler(version), '-p', config, '--pretty', 'false'], {
      cwd: app,
      maxBuffer: MAX_OUTPUT,
    })
    return []
  } catch (error) {
    // What is wrong with the types is told on the standard output; without a word there, something else is wrong.
    const { stdout = '' } = error as { stdout?: string }
    if (stdout === '') throw error
    return stdout.trimEnd().split('\n')
  }
}
