import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url))

rmSync(path('dist'), { recursive: true, force: true })
execFileSync(path('node_modules/.bin/tsc'), ['-p', path('tsconfig.build.json')], { stdio: 'inherit' })
chmodSync(path('dist/cli/main.js'), 0o755)
