import { rmSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Age, installPacked, type Resolution, typecheck, typeScriptVersions } from './consumer-project.ts'

/** Each TypeScript with the newest React and TanStack Query; with the oldest of those, the oldest TypeScript. */
const VERSIONS: Record<Age, typeof typeScriptVersions> = { newest: typeScriptVersions, oldest: ['5.5'] }

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

    describe.each<Resolution>(['bundler', 'nodenext'])('and moduleResolution %s', (resolution) => {
      it.concurrent.each(VERSIONS[age])('compiles with TypeScript %s, and so does the README', async (version) => {
        expect(await typecheck(app, version, resolution)).toEqual([])
      })
    })
  },
)
