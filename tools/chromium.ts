import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface ChromiumLaunch {
  executablePath?: string
  args: string[]
  env?: Record<string, string>
}

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What the package keeps packed: the browser, its fonts, its software renderer and the libraries a bare system lacks. */
const ARCHIVES = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br']

const packageFolder = fileURLToPath(new URL('../node_modules/@sparticuz/chromium', import.meta.url))

/** Whether the browser and its fonts are those of the lockfile: only then do pictures repeat to the pixel. */
export const isChromiumLocked = !process.env.CHROMIUM_PATH && process.platform === 'linux' && process.arch === 'x64'

/** CHROMIUM_PATH, else the Chromium inside an npm package (Linux x64), else Playwright's own browser. */
export async function chromiumLaunch(): Promise<ChromiumLaunch> {
  if (process.env.CHROMIUM_PATH) return { executablePath: process.env.CHROMIUM_PATH, args }
  if (!isChromiumLocked) return { args }
  const dir = await unpacked()
  return {
    executablePath: join(dir, 'chromium'),
    args,
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: join(dir, 'al2023/lib'),
      FONTCONFIG_PATH: join(dir, 'fonts'),
    },
  }
}

/** Unpacks once, outside of node_modules, which `npm ci` deletes; two first runs at a time don't meet. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  const dir = fileURLToPath(new URL(`../.cache/chromium-${version}`, import.meta.url))
  if (existsSync(dir)) return dir
  mkdirSync(dirname(dir), { recursive: true })
  const temporary = mkdtempSync(`${dir}-`)
  await inflateInto(temporary)
  // The packaged fonts.conf names a folder that is not this one; without a font text has no width.
  writeFileSync(
    join(temporary, 'fonts/fonts.conf'),
    `<?xml version="1.0"?>\n<fontconfig><dir>${dir}/fonts/fonts</dir><cachedir>${dir}/fonts/cache</cachedir></fontconfig>\n`,
  )
  try {
    renameSync(temporary, dir)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    if (!existsSync(dir)) throw error
  }
  return dir
}

async function inflateInto(dir: string): Promise<void> {
  const before = process.env.TMPDIR
  // The package reads its target from here.
  process.env.TMPDIR = dir
  try {
    const { inflate } = await import('@sparticuz/chromium')
    for (const archive of ARCHIVES) await inflate(join(packageFolder, 'bin', archive))
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}
