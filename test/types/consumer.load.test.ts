import { rmSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { installPacked, type Resolution, typecheck, typeScriptVersions } from './consumer-project.ts'

// Among the load tests, because compilers leave no processor to the tests beside them.
let app: string
beforeAll(async () => {
  app = await installPacked()
  return () => rmSync(app, { recursive: true, force: true })
})

describe.each<Resolution>(['bundler', 'nodenext'])('an application with moduleResolution %s', (resolution) => {
  it.concurrent.each(typeScriptVersions)('compiles with TypeScript %s, and so does the README', async (version) => {
    expect(await typecheck(app, version, resolution)).toEqual([])
  })
})
