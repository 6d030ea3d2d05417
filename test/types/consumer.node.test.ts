import { rmSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../long.ts'
import { type Age, installPacked, type Resolution, typecheck, typeScriptVersions } from './consumer-project.ts'

/** Each TypeScript with the newest React and TanStack Query; with the oldest of those, the oldest TypeScript. */
const VERSIONS: Record<Age, typeof typeScriptVersions> = {
  newest: isLong ? typeScriptVersions : ['6.0'],
  oldest: ['5.5'],
}
/** How an application finds the types of a package: its bundler's way, and that of Node.js. */
const RESOLUTIONS: Resolution[] = isLong ? ['bundler', 'nodenext'] : ['bundler']

describe.each<Age>(['newest', 'oldest'])(
  'an application with the %s React and TanStack Query',
  {
    timeout: 180_000,
  },
  (age) => {
    let app: string
    beforeAll(async () => {
      app = await installPacked(age)
      return () => rmSync(app, { recursive: true, force: true })
    })

    describe.each(RESOLUTIONS)('and moduleResolution %s', (resolution) => {
      it.concurrent.each(VERSIONS[age])('compiles with TypeScript %s, and so does the README', async (version) => {
        expect(await typecheck(app, version, resolution)).toEqual([])
      })
    })
  },
)
