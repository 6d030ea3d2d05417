import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url))

rmSync(path('dist'), { recursive: true, force: true })
execFileSync(path('node_modules/.bin/tsc'), ['-p', path('tsconfig.build.json')], { stdio: 'inherit' })
for (const file of ['styles.css', 'styles.css.d.ts'])
  copyFileSync(path(`src/react/${file}`), path(`dist/react/${file}`))
chmodSync(path('dist/cli/main.js'), 0o755)
