import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url))

rmSync(path('dist'), { recursive: true, force: true })
execFileSync(path('node_modules/.bin/tsc'), ['-p', path('tsconfig.build.json')], { stdio: 'inherit' })
for (const file of ['styles.css', 'styles.css.d.ts'])
  copyFileSync(path(`src/react/${file}`), path(`dist/react/${file}`))
chmodSync(path('dist/cli/main.js'), 0o755)
// The demo's page imports the package as a user does, so it comes after it.
await build({ configFile: path('demo/vite.config.ts') })
