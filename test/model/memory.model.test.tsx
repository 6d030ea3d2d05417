import { it } from 'vitest'
import { explore } from './explore.ts'
import { isWanted, runs, seed } from './scale.ts'

it('whatever happens, what a page shows is what the provider has said (memory)', async () => {
  await explore({ store: 'memory', seed, runs: runs.memory, isWanted })
}, 86_400_000)
