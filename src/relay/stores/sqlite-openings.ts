import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { History } from '../store.ts'
import { newOpening, type Opening } from './replay.ts'

/** How many openings are remembered. A file that was opened more often while someone was away says `complete: false`. */
const MAX_OPENINGS = 1000

/** Notes that the file is open from now on, and returns each time that it was. */
export function recordOpening(database: DatabaseSync, history: Required<History>): [...Opening[], Opening] {
  const latest = database
    .prepare('SELECT ms, n FROM events UNION ALL SELECT ms, n FROM openings ORDER BY ms DESC, n DESC LIMIT 1')
    .get()
  const now = newOpening(latest ? { ms: Number(latest.ms), n: Number(latest.n) } : { ms: 0, n: 0 }, history)
  database
    .prepare(
      'INSERT INTO openings (tag, ms, n, max_events, max_age, sum) VALUES (?1, ?2, ?3, ?4, ?5, crc32(?1, ?2, ?3, ?4, ?5))',
    )
    .run(now.tag, now.from.ms, now.from.n, now.maxEvents, now.maxAge)
  database.prepare('DELETE FROM openings WHERE seq <= (SELECT max(seq) FROM openings) - ?').run(MAX_OPENINGS)
  const before = database.prepare('SELECT * FROM openings WHERE tag <> ? ORDER BY seq').all(now.tag)
  return [...before.map(toOpening), now]
}

function toOpening({ tag, ms, n, max_events, max_age }: Record<string, SQLOutputValue>): Opening {
  return {
    tag: Number(tag),
    from: { ms: Number(ms), n: Number(n) },
    maxEvents: Number(max_events),
    maxAge: Number(max_age),
  }
}
