import { execFile } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { sqliteStore } from '../../../src/relay/stores/sqlite/sqlite.ts'
import { StoreUnavailableError } from '../../../src/relay/stores/store.ts'
import { type Running, run, secrets, start } from '../../cli/process.ts'
import { openStream, type Stream, tokens } from '../serve.ts'

const PAGE = 4096
/** On a busy machine a start takes seconds. */
const STARTS_PROCESSES = { timeout: 120_000 }
const isRoot = process.getuid?.() === 0

const folder = mkdtempSync(join(tmpdir(), 'kyc-trouble-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newFile = () => join(folder, `${files++}.sqlite`)
const relay = (file: string) => ['relay', '--port', '0', '--store', `sqlite:${file}`]

function deliver({ url }: Running, externalUserId: string): Promise<Response> {
  return fetch(`${url}/webhook/kyc-files/status`, {
    method: 'POST',
    headers: { authorization: 'first-token', 'content-type': 'application/json' },
    body: JSON.stringify({ externalUserId, status: 'ADDED' }),
  })
}

async function follow({ url }: Running, externalUserId: string): Promise<Stream> {
  return openStream(`${url}/events/${externalUserId}`, {
    authorization: `Bearer ${await tokens.issue(externalUserId)}`,
  })
}

/** Which of the users have an event. */
async function known(running: Running, users: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const user of users) {
    const stream = await follow(running, user)
    if ((await stream.untilSync()).length === 2) found.push(user)
    stream.close()
  }
  return found
}

describe('a full disk', STARTS_PROCESSES, () => {
  /**
   * The system lets the process write no file beyond 256 KiB, which SQLite meets as it meets a full disk: a write that
   * fails. It needs no privileges, unlike a small volume. What the relay says of each failure would only fill the report.
   */
  const FULL_AT_256_KIB = ['bash', '-c', 'ulimit -S -f 256; exec "$0" "$@" 2>/dev/null']

  /** Delivers to one user after the other until one is refused. */
  async function fill(running: Running): Promise<{ acknowledged: string[]; refusal: Response }> {
    const acknowledged: string[] = []
    for (;;) {
      const user = `user-${acknowledged.length}`
      const response = await deliver(running, user)
      if (response.status !== 200) return { acknowledged, refusal: response }
      acknowledged.push(user)
    }
  }

  it('makes the provider deliver again, takes the relay out of service, and leaves the streams as they are', async () => {
    const full = await start(relay(newFile()), secrets, FULL_AT_256_KIB)
    const stream = await follow(full, 'user-0')
    await stream.untilSync()
    const { acknowledged, refusal } = await fill(full)
    expect(acknowledged.length).toBeGreaterThan(10)
    expect(refusal.status).toBe(503)
    expect(refusal.headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await fetch(`${full.url}/readyz`)).status).toBe(503)
    expect((await fetch(`${full.url}/healthz`)).status).toBe(200)
    expect((await stream.next()).event).toBe('kyc-file')
    expect(await known(full, [...acknowledged, `user-${acknowledged.length}`])).toEqual(acknowledged)
  })

  it('loses nothing that was acknowledged, and is over once there is room at the next start', async () => {
    for (const [signal, end] of [
      ['SIGKILL', 'SIGKILL'],
      ['SIGTERM', 0],
    ] as const) {
      const file = newFile()
      const full = await start(relay(file), secrets, FULL_AT_256_KIB)
      const { acknowledged } = await fill(full)
      expect(await full.stop(signal)).toBe(end)

      const roomy = await start(relay(file), secrets)
      const refused = `user-${acknowledged.length}`
      expect(await known(roomy, [...acknowledged, refused])).toEqual(acknowledged)
      expect((await fetch(`${roomy.url}/readyz`)).status).toBe(200)
      expect((await deliver(roomy, refused)).status).toBe(200)
      expect(await known(roomy, [refused])).toEqual([refused])
    }
  })

  it.runIf(process.platform === 'linux')('is over for the running relay as soon as there is room', async () => {
    const full = await start(relay(newFile()), secrets, FULL_AT_256_KIB)
    const { acknowledged } = await fill(full)
    await promisify(execFile)('prlimit', ['--pid', String(full.process.pid), '--fsize=unlimited'])
    expect((await fetch(`${full.url}/readyz`)).status).toBe(200)
    const refused = `user-${acknowledged.length}`
    expect((await deliver(full, refused)).status).toBe(200)
    expect(await known(full, [...acknowledged, refused])).toEqual([...acknowledged, refused])
  })
})

describe('a place that can not be written', STARTS_PROCESSES, () => {
  /** Root may write whatever the mode says, unless this capability is taken from it. */
  const BOUND_BY_MODES = isRoot ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : []

  it.each([
    ['file', 0o400, 0o700],
    ['folder', 0o600, 0o500],
  ])(
    'is refused at the start where it is the %s, and what was acknowledged is there afterwards',
    async (_, mode, folderMode) => {
      const place = mkdtempSync(join(folder, 'place-'))
      const file = join(place, 'events.sqlite')
      const first = await start(relay(file), secrets)
      expect((await deliver(first, 'someone')).status).toBe(200)
      expect(await first.stop()).toBe(0)

      chmodSync(file, mode)
      chmodSync(place, folderMode)
      const refused = await run(relay(file), secrets, BOUND_BY_MODES)
      chmodSync(place, 0o700)
      chmodSync(file, 0o600)
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toMatch(/^kyc-upload-status: sqliteStore: \S+ can't be used: [^\n]+\n$/)

      expect(await known(await start(relay(file), secrets), ['someone'])).toEqual(['someone'])
    },
  )

  it('is refused where it is a folder', () => {
    const place = newFile()
    mkdirSync(place)
    expect(() => sqliteStore(place)).toThrow(StoreUnavailableError)
  })
})

describe.skipIf(process.platform === 'win32')('a file that is taken away while it is open', () => {
  it.each([
    ['it is removed', (file: string) => rmSync(file)],
    ['its log is removed', (file: string) => rmSync(`${file}-wal`)],
    [
      'another one is put in its place',
      (file: string) => {
        copyFileSync(file, `${file}.copy`)
        renameSync(`${file}.copy`, file)
      },
    ],
    ['it is emptied', (file: string) => truncateSync(file)],
    ['its end is cut off', (file: string) => truncateSync(file, statSync(file).size - PAGE)],
    ['its log is emptied', (file: string) => truncateSync(`${file}-wal`)],
    ['its log is cut', (file: string) => truncateSync(`${file}-wal`, statSync(`${file}-wal`).size - 1)],
    [
      'its log is emptied, and as long as it was',
      (file: string) => {
        const { size } = statSync(`${file}-wal`)
        truncateSync(`${file}-wal`)
        truncateSync(`${file}-wal`, size)
      },
    ],
    [
      'a copy of its log is put in the place of that',
      (file: string) => {
        copyFileSync(`${file}-wal`, `${file}.copy`)
        renameSync(`${file}.copy`, `${file}-wal`)
      },
    ],
    [
      'something is written over its log',
      (file: string) => writeFileSync(`${file}-wal`, Buffer.alloc(statSync(`${file}-wal`).size, 0x55)),
    ],
  ])('takes no more webhooks once %s', async (_, takeAway) => {
    const file = newFile()
    const store = sqliteStore(file)
    const event = { externalUserId: 'someone', frame: 'kyc-file', data: '{}' }
    await store.append(event)
    takeAway(file)
    await expect(store.append(event)).rejects.toThrow(/removed, replaced or changed/)
    await expect(store.checkWritable?.()).rejects.toThrow(StoreUnavailableError)
    // It tells what it has read before, and may not be able to read the rest.
    const read = await store.since('someone', null).catch((error: unknown) => error)
    if (!(read instanceof StoreUnavailableError)) expect(read).toMatchObject({ events: [{}] })
    await store.close()
  })

  it('acknowledges nothing if its log is emptied in the middle of a commit', async () => {
    const file = newFile()
    const store = sqliteStore(file)
    await store.append({ externalUserId: 'someone', frame: 'kyc-file', data: '{}' })
    const meanwhile = {
      externalUserId: 'someone',
      frame: 'kyc-file',
      get data() {
        truncateSync(`${file}-wal`)
        return '{}'
      },
    }
    await expect(store.append(meanwhile)).rejects.toThrow(/removed, replaced or changed/)
    await expect(store.checkWritable?.()).rejects.toThrow(/removed, replaced or changed/)
    await store.close()
    expect(() => sqliteStore(file)).toThrow(/its log \(-wal\)/)
  })

  it('leaves the file as it is if something was written over its log', async () => {
    const file = newFile()
    const store = sqliteStore(file)
    await store.append({ externalUserId: 'someone', frame: 'kyc-file', data: '{}' })
    const before = readFileSync(file)
    writeFileSync(`${file}-wal`, Buffer.alloc(statSync(`${file}-wal`).size))
    await store.close()
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(() => sqliteStore(file)).toThrow(/its log \(-wal\) was emptied/)
  })

  it('has everything after a clean end although its log was removed', async () => {
    const file = newFile()
    const store = sqliteStore(file)
    await store.append({ externalUserId: 'someone', frame: 'kyc-file', data: '{}' })
    rmSync(`${file}-wal`)
    await store.close()
    const again = sqliteStore(file)
    onTestFinished(() => again.close())
    expect((await again.since('someone', null)).events).toHaveLength(1)
  })

  it(
    'takes a running relay out of service at the next webhook, and is refused at the next start',
    STARTS_PROCESSES,
    async () => {
      const file = newFile()
      const running = await start(relay(file), secrets)
      expect((await deliver(running, 'before')).status).toBe(200)
      let isEmptied = false
      const late: number[] = []
      const senders = ['a', 'b', 'c', 'd'].map(async (user) => {
        while (late.length < 20) {
          const isLate = isEmptied
          const { status } = await deliver(running, user)
          if (isLate) late.push(status)
        }
      })
      setTimeout(() => {
        truncateSync(`${file}-wal`)
        isEmptied = true
      }, 100)
      await Promise.all(senders)
      expect(new Set(late)).toEqual(new Set([503]))
      const refused = await deliver(running, 'after')
      expect(refused.status).toBe(503)
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
      expect((await fetch(`${running.url}/readyz`)).status).toBe(503)
      expect((await fetch(`${running.url}/healthz`)).status).toBe(200)
      await running.stop('SIGKILL')
      const { code, stderr } = await run(relay(file), secrets)
      expect(code).toBe(1)
      // Emptied in the middle of a commit, it has the rest of that one.
      expect(stderr).toMatch(
        /^kyc-upload-status: [^\n]+ its log \(-wal\) (was emptied|is): put file and log back from [^\n]+\n$/,
      )
    },
  )

  it('is the one that a link leads to', async () => {
    const link = newFile()
    writeFileSync(`${link}.real`, '')
    symlinkSync(`${link}.real`, link)
    const store = sqliteStore(link)
    const event = { externalUserId: 'someone', frame: 'kyc-file', data: '{}' }
    expect(await store.append(event)).not.toBeNull()
    await store.close()
  })
})

describe('a second process', STARTS_PROCESSES, () => {
  it('is refused in one line, and does not disturb the first', async () => {
    const file = newFile()
    const first = await start(relay(file), secrets)
    expect((await deliver(first, 'before')).status).toBe(200)
    const second = await run(relay(file), secrets)
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toMatch(/^kyc-upload-status: [^\n]+another process has it open\n$/)
    expect((await deliver(first, 'after')).status).toBe(200)
    expect(await known(first, ['before', 'after'])).toEqual(['before', 'after'])
  })

  it('is refused also after this process has tried to open the file a second time', async () => {
    const file = newFile()
    const store = sqliteStore(file)
    onTestFinished(() => store.close())
    expect(() => sqliteStore(file)).toThrow(/this process has it open/)
    expect(await run(relay(file), secrets)).toMatchObject({ code: 1 })
  })

  it('is told from a second copy of this package in the same process', async () => {
    const copy = '../../../src/relay/stores/sqlite/sqlite.ts?copy'
    const { sqliteStore: open }: { sqliteStore: typeof sqliteStore } = await import(/* @vite-ignore */ copy)
    const file = newFile()
    const store = sqliteStore(file)
    expect(() => open(file)).toThrow(/can't be used: this process has it open already: let all of it share one store/)
    await store.close()
    const again = open(file)
    expect(() => sqliteStore(file)).toThrow(/this process has it open/)
    await again.close()
  })
})

describe('a damaged file', () => {
  const USERS = Array.from({ length: 40 }, (_, i) => `user-${i}`)
  const EVENTS = 10
  /** Closed: everything stands in the file. */
  const closed = newFile()
  /** As a kill leaves it: most of it stands in the log beside the file. */
  const killed = newFile()
  const cursors = new Map<string, string>()

  beforeAll(async () => {
    const store = sqliteStore(closed)
    for (const user of USERS) cursors.set(user, (await store.since(user, null)).cursor)
    for (let i = 0; i < EVENTS; i++) {
      const event = (externalUserId: string) => ({ externalUserId, frame: 'kyc-file', data: `{"i":${i}}` })
      await Promise.all(USERS.map((user) => store.append(event(user), `${user}/${i}`)))
    }
    for (const end of ['', '-wal']) copyFileSync(closed + end, killed + end)
    await store.close()
  })

  function copy(original: string, damage: (file: string) => void): string {
    const file = newFile()
    copyFileSync(original, file)
    if (original === killed) copyFileSync(`${killed}-wal`, `${file}-wal`)
    damage(file)
    return file
  }

  /** Says why a file is refused; `null` if it serves all that was acknowledged and takes more. Anything else fails. */
  async function refusal(file: string): Promise<string | null> {
    try {
      const store = sqliteStore(file)
      try {
        for (const user of USERS) {
          const { events, complete } = await store.since(user, cursors.get(user) ?? '')
          expect(events.map(({ data }) => data)).toEqual(Array.from({ length: EVENTS }, (_, i) => `{"i":${i}}`))
          expect(complete).toBe(true)
        }
        // In one commit: this is done for hundreds of files.
        const more = USERS.map((user) => store.append({ externalUserId: user, frame: 'kyc-file', data: '{}' }))
        expect(await Promise.all(more)).not.toContain(null)
      } finally {
        await store.close()
      }
      return null
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error
      expect(error.message).toMatch(/^sqliteStore: \S+ can't be used: [^\n]+$/)
      return error.message
    }
  }

  const change = (edit: (bytes: Buffer) => void) => (file: string) => {
    const bytes = readFileSync(file)
    edit(bytes)
    writeFileSync(file, bytes)
  }
  const pages = () => Array.from({ length: statSync(closed).size / PAGE }, (_, page) => page)
  const scribbles: [string, (bytes: Buffer) => void][] = [
    ['inverted', (bytes) => void bytes.set(bytes.map((byte) => byte ^ 0xff))],
    ['zeroed', (bytes) => void bytes.fill(0)],
  ]

  it.each(scribbles)(
    'is refused when it is opened if a page of it is %s, or serves everything',
    async (_, scribble) => {
      const refusals: (string | null)[] = []
      for (const page of pages()) {
        const file = copy(
          closed,
          change((bytes) => scribble(bytes.subarray(page * PAGE, (page + 1) * PAGE))),
        )
        refusals.push(await refusal(file))
      }
      expect(refusals.filter((reason) => reason !== null).length).toBeGreaterThan(pages().length / 2)
    },
  )

  it('is refused when it is opened if its end is missing', async () => {
    for (const page of pages().slice(1)) {
      const file = copy(closed, (name) => truncateSync(name, page * PAGE))
      expect(await refusal(file)).not.toBeNull()
    }
    expect(await refusal(copy(closed, (name) => truncateSync(name, 50)))).not.toBeNull()
  })

  it('is refused when it is opened if a byte of it has changed, or serves everything', async () => {
    const size = statSync(closed).size
    let refused = 0
    for (let at = 0; at < size; at += 211) {
      const file = copy(
        closed,
        change((bytes) => bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)),
      )
      if ((await refusal(file)) !== null) refused++
    }
    expect(refused).toBeGreaterThan(size / 211 / 2)
  })

  it('is refused if it is empty, and its log is not', async () => {
    expect(await refusal(copy(killed, (file) => truncateSync(file, 0)))).toMatch(/it is empty, and its log/)
  })

  it.each([
    ['its header', 16],
    ['the first half', 0.3],
    ['the middle', 0.5],
    ['the second half', 0.8],
  ])('is refused if its log is damaged in %s, where what comes after would be lost', async (_, at) => {
    const position = at < 1 ? Math.floor(statSync(`${killed}-wal`).size * at) : at
    const file = copy(killed, (name) =>
      change((bytes) => bytes.writeUInt8(bytes.readUInt8(position) ^ 1, position))(`${name}-wal`),
    )
    const before = readFileSync(`${file}-wal`)
    expect(await refusal(file)).toMatch(/it is damaged: its log \(-wal\) is/)
    expect(readFileSync(`${file}-wal`)).toEqual(before)
  })

  it('serves everything if the log beside it is not its own', async () => {
    expect(
      await refusal(copy(closed, (file) => writeFileSync(`${file}-wal`, Buffer.alloc(10 * PAGE, 0x55)))),
    ).toBeNull()
  })

  it('serves everything if the log ends in the middle of a commit', async () => {
    expect(await refusal(copy(killed, () => {}))).toBeNull()
    for (const rest of [Buffer.alloc(100, 0x55), Buffer.alloc(3 * PAGE, 0)]) {
      expect(await refusal(copy(killed, (file) => appendFileSync(`${file}-wal`, rest)))).toBeNull()
    }
  })
})

describe('a log that was damaged while nobody ran', STARTS_PROCESSES, () => {
  const HEADER = 32
  const FRAME = 24 + PAGE
  const USERS = ['a', 'b', 'c', 'd', 'e']
  type Damage = (log: Buffer) => Buffer | null

  /** The frames of the log that are not left from an older one, and whether they close a commit. */
  function framesOf(log: Buffer): { at: number; closes: boolean }[] {
    const frames: { at: number; closes: boolean }[] = []
    for (let at = HEADER; at + FRAME <= log.length; at += FRAME) {
      if (!log.subarray(at + 8, at + 16).equals(log.subarray(16, 24))) break
      frames.push({ at, closes: log.readUInt32BE(at + 4) !== 0 })
    }
    return frames
  }
  /** Where each commit begins and, at last, where the last one ends. */
  function boundariesOf(log: Buffer): number[] {
    return [HEADER, ...framesOf(log).flatMap(({ at, closes }) => (closes ? [at + FRAME] : []))]
  }

  const zeroed = (from: number, length: number) => (log: Buffer) => log.fill(0, from, from + length)
  const inverted = (at: number) => (log: Buffer) => {
    log.writeUInt8(log.readUInt8(at) ^ 0xff, at)
    return log
  }
  const cut = (length: number) => (log: Buffer) => log.subarray(0, length)

  /** One webhook after the other was stored for each of the users, and the process was killed. */
  const killed = { 'a new log': newFile(), 'a log over an older one': newFile() }

  beforeAll(async () => {
    for (const [kind, file] of Object.entries(killed)) {
      const store = sqliteStore(`${file}.open`)
      const append = (externalUserId: string) => store.append({ externalUserId, frame: 'kyc-file', data: '{}' })
      const salts = () => readFileSync(`${file}.open-wal`).toString('hex', 16, 24)
      for (const began = salts(); kind !== 'a new log' && salts() === began; ) await append('someone')
      for (const user of USERS) await append(user)
      copyFileSync(`${file}.open`, file)
      const log = readFileSync(`${file}.open-wal`)
      const end = boundariesOf(log).at(-1) ?? 0
      // A thousand frames of the older one would only take time.
      writeFileSync(`${file}-wal`, log.subarray(0, end + 20 * FRAME))
      await store.close()
    }
  }, 60_000)

  function damaged(original: string, damage: Damage): string {
    const file = newFile()
    copyFileSync(original, file)
    const log = damage(readFileSync(`${original}-wal`))
    if (log) writeFileSync(`${file}-wal`, log)
    return file
  }

  /** Which users have an event; or why it is refused, and then nothing has been written. */
  async function outcome(original: string, damage: Damage): Promise<string[] | string> {
    const file = damaged(original, damage)
    const bytes = () =>
      [file, `${file}-wal`].map((name) => (existsSync(name) ? readFileSync(name).toString('latin1') : null))
    const before = bytes()
    try {
      const store = sqliteStore(file)
      const has = await Promise.all(USERS.map(async (user) => (await store.since(user, null)).events.length > 0))
      await store.close()
      return USERS.filter((_, index) => has[index])
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error
      expect(bytes().every((now, index) => now === before[index])).toBe(true)
      expect(error.message).toMatch(/^sqliteStore: \S+ can't be used: [^\n]+: put file and log back from [^\n]+$/)
      return error.message
    } finally {
      for (const end of ['', '-wal']) rmSync(file + end, { force: true })
    }
  }

  it('is refused in one line after kill -9, is left as it is, and is served once it is put back', async () => {
    const file = newFile()
    const first = await start(relay(file), secrets)
    for (const user of USERS) expect((await deliver(first, user)).status).toBe(200)
    await first.stop('SIGKILL')
    const log = readFileSync(`${file}-wal`)
    const closing = framesOf(log).filter(({ closes }) => closes)
    const cases: [string, RegExp, Damage][] = [
      ['the header zeroed', /it is damaged: its log/, zeroed(0, HEADER)],
      ['another magic number', /it is damaged: its log/, inverted(0)],
      ['another checksum', /it is damaged: its log/, inverted(24)],
      ['the header of the closing frame before the last zeroed', /it is damaged/, zeroed(closing.at(-2)?.at ?? 0, 24)],
      ['emptied', /its log \(-wal\) was emptied/, cut(0)],
      ['removed', /its log \(-wal\) is missing/, () => null],
    ]
    for (const [name, message, damage] of cases) {
      const copy = damaged(file, damage)
      const before = readFileSync(copy)
      const { code, stdout, stderr } = await run(relay(copy), secrets)
      expect([code, stdout], name).toEqual([1, ''])
      expect(stderr, name).toMatch(message)
      expect(stderr, name).toMatch(/^kyc-upload-status: [^\n]+: put file and log back from [^\n]+\n$/)
      expect(readFileSync(copy), name).toEqual(before)
      const left = damage(Buffer.from(log))
      if (left) expect(readFileSync(`${copy}-wal`), name).toEqual(left)
      writeFileSync(`${copy}-wal`, log)
      const again = await start(relay(copy), secrets)
      expect(await known(again, USERS), name).toEqual(USERS)
      await again.stop('SIGKILL')
    }
  })

  describe.each(Object.entries(killed))('%s', (_, original) => {
    const log = () => readFileSync(`${original}-wal`)

    it('is refused if any byte of its header has changed, or all of them', async () => {
      for (let at = 0; at < HEADER; at++)
        expect(await outcome(original, inverted(at)), `${at}`).toMatch(/it is damaged/)
      expect(await outcome(original, zeroed(0, HEADER))).toMatch(/it is damaged/)
      expect(await outcome(original, zeroed(0, log().length))).toMatch(/it is damaged/)
    })

    it('is refused if the header of a frame is zeroed or wrong, and a commit has begun behind its own', async () => {
      const last = boundariesOf(log()).at(-2) ?? 0
      for (const { at } of framesOf(log())) {
        const damages = [zeroed(at, 24), ...[0, 3, 4, 7, 8, 12, 16, 20, 23].map((offset) => inverted(at + offset))]
        for (const [index, damage] of damages.entries()) {
          const found = await outcome(original, damage)
          if (at < last) expect(found, `${at}: ${index}`).toMatch(/it is damaged/)
          else if (typeof found !== 'string') expect(found, `${at}: ${index}`).toEqual(USERS.slice(0, -1))
        }
      }
    }, 60_000)

    it('is served without a commit that a loss of power broke off, whatever of it was written', async () => {
      const [from = 0, to = 0] = boundariesOf(log()).slice(-2)
      const count = (to - from) / FRAME
      expect(count).toBeGreaterThan(1)
      for (let missing = 1; missing < 2 ** count; missing++) {
        for (const [begin, length] of [
          [0, FRAME],
          [0, 24],
          [24, PAGE],
          [FRAME / 2, FRAME / 2],
        ] as const) {
          const found = await outcome(original, (bytes) => {
            // Zeros, or the frames of the older log.
            const older = bytes.length > to ? Buffer.from(bytes.subarray(to)) : Buffer.alloc(to - from)
            for (let frame = 0; frame < count; frame++) {
              const at = frame * FRAME + begin
              if (missing & (1 << frame)) older.copy(bytes, from + at, at, at + length)
            }
            return bytes
          })
          // What stood there may be what was to be written.
          if (found.length !== USERS.length) expect(found, `${missing} ${begin}`).toEqual(USERS.slice(0, -1))
        }
      }
      for (const length of [from + 1, from + 24, from + FRAME, to - 1]) {
        expect(await outcome(original, cut(length)), `${length}`).toEqual(USERS.slice(0, -1))
      }
    }, 60_000)

    it('looks like an earlier state if it is cut where a commit ends', async () => {
      const boundaries = boundariesOf(log())
      for (const [index, end] of boundaries.slice(-USERS.length).entries()) {
        expect(await outcome(original, cut(end))).toEqual(USERS.slice(0, index + 1))
      }
    })

    it('is refused if it is missing, or too short for a commit', async () => {
      expect(await outcome(original, () => null)).toMatch(/its log \(-wal\) is missing/)
      for (const length of [0, 1, HEADER - 1, HEADER, HEADER + 1, HEADER + FRAME - 1]) {
        expect(await outcome(original, cut(length)), `${length}`).toMatch(/its log \(-wal\) was emptied/)
      }
    })

    it('is served whatever stands in a -shm, which is not used', async () => {
      const file = damaged(original, (bytes) => bytes)
      writeFileSync(`${file}-shm`, Buffer.alloc(32_768, 0x55))
      const store = sqliteStore(file)
      onTestFinished(() => store.close())
      for (const user of USERS) expect((await store.since(user, null)).events).toHaveLength(1)
      rmSync(`${file}-shm`, { force: true })
      expect(await store.append({ externalUserId: 'a', frame: 'kyc-file', data: '{}' })).not.toBeNull()
    })
  })

  it('is not missed after a clean end, nor after an erasure and a kill', async () => {
    const file = newFile()
    const store = sqliteStore(file)
    for (const user of USERS) await store.append({ externalUserId: user, frame: 'kyc-file', data: '{}' })
    await store.forget('a')
    for (const end of ['', '-wal']) copyFileSync(file + end, `${file}.killed${end}`)
    expect(await outcome(`${file}.killed`, (log) => log)).toEqual(USERS.slice(1))
    expect(await outcome(`${file}.killed`, cut(0))).toMatch(/was emptied/)
    await store.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
    const again = sqliteStore(file)
    expect((await again.since('b', null)).events).toHaveLength(1)
    await again.close()
  })
})
