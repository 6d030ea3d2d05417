import { it } from 'vitest'
import { explore } from './explore.ts'
import { isWanted, runs, seed } from './scale.ts'

it('whatever happens, what a page shows is what the provider has said (SQLite)', async () => {
  await explore({ store: 'sqlite', seed, runs: runs.sqlite, isWanted })
}, 86_400_000)
