import { type CommandParser, defineScript } from 'redis'

/** Milliseconds since the epoch, by the clock of Redis, which is one for all relays. */
const NOW = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/** What a script replies where a user has events as an earlier version kept them. */
export const OLDER_LAYOUT = 'OLDERLAYOUT'

/**
 * An earlier version capped its streams without a trace, so nothing can be vouched for from there on. The key expires by
 * itself; until then no script does anything for its user.
 */
const refuseOlder = (key: string) =>
  `if redis.call('EXISTS', ${key}) == 1 then return redis.error_reply('-${OLDER_LAYOUT}') end`

const STREAM = `
  local stream = {}
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for field = 1, #info, 2 do stream[info[field]] = info[field + 1] end`

/**
 * Stores an event, and says so to those who watch its user: not what it is, only that it is there. A script survives as a
 * whole; what may be refused, the event, comes before all other writes, so that nothing else is done without it.
 *
 * Keys: the user's events, the user's deliveries, the user's events of an earlier version. Arguments: frame, data, for how
 * long deliveries are kept (ms), for how long events are (ms), delivery or ''. Replies: its id, how many events there are, the
 * id of the first one.
 */
const appendEvent = defineScript({
  SCRIPT: `${NOW}
  ${refuseOlder('KEYS[3]')}
  if ARGV[5] ~= '' then
    local stored = redis.call('ZSCORE', KEYS[2], ARGV[5])
    if stored and tonumber(stored) >= now - ARGV[3] then return false end
  end
  local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  local count = redis.call('XLEN', KEYS[1]) + 1
  local id = redis.call('XADD', KEYS[1], '*', 'frame', ARGV[1], 'data', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  if ARGV[5] ~= '' then
    redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[3])
    redis.call('ZADD', KEYS[2], now, ARGV[5])
    redis.call('PEXPIRE', KEYS[2], ARGV[3])
  end
  redis.pcall('SPUBLISH', KEYS[1], id)
  return { id, count, first and first[1] or id }`,
  NUMBER_OF_KEYS: 3,
  IS_READ_ONLY: false,
  parseCommand(parser: CommandParser, { events, deliveries, older }: UserKeys, ...rest: string[]) {
    parser.pushKeys([events, deliveries, older])
    parser.push(...rest)
  },
  transformReply: (reply: unknown): Appended | null => {
    if (!Array.isArray(reply)) return null
    const [id, count, first] = reply as [string, number, string]
    return { id, count, first }
  },
})

/**
 * Reads the events of a user, and what a cursor is worth. The stream itself says that, so no cursor has to be marked:
 *
 * - A cursor is the id of an event that is there, or the position with which the stream began. What comes has a higher id than
 *   both, whatever the clock of Redis does.
 * - A stream that is not there was erased, lost, has expired, or never was. It begins with a position, by the clock of
 *   Redis: written and deleted, it is the last id, and the highest id that was deleted. A cursor below that is not known.
 * - Events are dropped by deleting them, whichever relay does it, and the stream notes the highest id of those. Where nothing
 *   was deleted the stream began with an event.
 *
 * Keys: the user's events, the user's events of an earlier version. Arguments: how long the position of a user without events is
 * kept (ms), how long events are (ms). Replies: now, never behind the last id; the last id; the highest id that was deleted;
 * the events.
 */
const readEvents = defineScript({
  SCRIPT: `${NOW}
  ${refuseOlder('KEYS[2]')}
  if redis.call('EXISTS', KEYS[1]) == 0 then
    local position = string.format('%.0f-0', now - 1)
    redis.call('XADD', KEYS[1], position, '', '')
    redis.call('XDEL', KEYS[1], position)
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
    return { now, position, position, {} }
  end
  ${STREAM}
  local function milliseconds(id) return tonumber(string.match(id, '^%d+')) end
  local last = stream['last-generated-id']
  now = math.max(now, milliseconds(last))
  local kept = redis.call('XRANGE', KEYS[1], '-', '+')
  local latest = kept[#kept]
  if not latest or milliseconds(latest[1]) < now - ARGV[2] then redis.call('PEXPIRE', KEYS[1], ARGV[1], 'GT') end
  return { now, last, stream['max-deleted-entry-id'], kept }`,
  NUMBER_OF_KEYS: 2,
  IS_READ_ONLY: false,
  parseCommand(parser: CommandParser, { events, older }: UserKeys, ...rest: [positionKept: string, kept: string]) {
    parser.pushKeys([events, older])
    parser.push(...rest)
  },
  transformReply: (reply: unknown): Stream => {
    const [now, last, deleted, entries] = reply as [number, string, string, unknown]
    return { now, last, deleted, events: toEvents(entries) }
  },
})

/**
 * Deletes events of a user, unless some were deleted since they were read: what counts is decided by all of what is there.
 * Key: the user's events. Arguments: the highest id that was deleted before, and the ids.
 */
const dropEvents = defineScript({
  SCRIPT: `
  if redis.call('EXISTS', KEYS[1]) == 0 then return end
  ${STREAM}
  if stream['max-deleted-entry-id'] ~= ARGV[1] then return end
  for i = 2, #ARGV do redis.call('XDEL', KEYS[1], ARGV[i]) end`,
  NUMBER_OF_KEYS: 1,
  IS_READ_ONLY: false,
  parseCommand(parser: CommandParser, events: string, deleted: string, ids: readonly string[]) {
    parser.pushKey(events)
    parser.push(deleted, ...ids)
  },
  transformReply: () => undefined,
})

/** Reads the events of a user after an id. Key: the user's events. Argument: the id. */
const readAfter = defineScript({
  SCRIPT: "return redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+')",
  NUMBER_OF_KEYS: 1,
  IS_READ_ONLY: true,
  parseCommand(parser: CommandParser, events: string, id: string) {
    parser.pushKey(events)
    parser.push(id)
  },
  transformReply: toEvents,
})

/**
 * Notes that the streams of a user are to end, at a log-out and at an erasure. `ended` names the ending: it rises each time, so
 * that a relay which missed the notification sees that there was one. Of two log-outs the later one counts.
 *
 * Key: the user's endings. Arguments: the log-out (ms) or '', until when it counts (ms), how long the key is kept (ms).
 */
const noteEnding = defineScript({
  SCRIPT: `
  local time = redis.call('TIME')
  local ended = time[1] * 1000000 + time[2]
  local known = redis.call('HMGET', KEYS[1], 'ended', 'signedOutAt', 'signedOutUntil')
  if known[1] then ended = math.max(ended, known[1] + 1) end
  redis.call('HSET', KEYS[1], 'ended', string.format('%.0f', ended))
  if ARGV[1] ~= '' then
    local at = string.format('%.0f', math.max(known[2] or 0, ARGV[1]))
    local till = string.format('%.0f', math.max(known[3] or 0, ARGV[2]))
    redis.call('HSET', KEYS[1], 'signedOutAt', at, 'signedOutUntil', till)
  end
  local left = redis.call('PTTL', KEYS[1])
  if left < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end`,
  NUMBER_OF_KEYS: 1,
  IS_READ_ONLY: false,
  parseCommand(parser: CommandParser, endings: string, ...rest: [signedOutAt: string, until: string, kept: string]) {
    parser.pushKey(endings)
    parser.push(...rest)
  },
  transformReply: () => undefined,
})

/** The keys of a user, which are in one slot. */
export interface UserKeys {
  events: string
  deliveries: string
  /** Where an earlier version kept the events. */
  older: string
}

/** An event that was stored. */
export interface Appended {
  id: string
  /** How many events the user has, with this one. */
  count: number
  /** The id of the first of them. */
  first: string
}

/** What was read of a user. */
export interface Stream {
  /** Milliseconds since the epoch. */
  now: number
  /** The last id that was given out. */
  last: string
  /** The highest id that was deleted; `0-0` where nothing was. */
  deleted: string
  events: Entry[]
}

/** What of an event stands in its user's stream. */
export interface Entry {
  id: string
  frame: string
  data: string
}

/** Redis gives an id, and names and values in turn. */
function toEvents(entries: unknown): Entry[] {
  return (entries as [id: string, fields: string[]][]).map(([id, [, frame = '', , data = '']]) => ({ id, frame, data }))
}

export const scripts = { appendEvent, readEvents, dropEvents, readAfter, noteEnding }

/**
 * The command that a script was not allowed to run. Redis 7.0 tells nothing but the script and the line; later ones, and
 * Valkey, name it. `null` for any other error.
 */
export function refusedCommand(message: string): string | null {
  if (!/can't run this command/.test(message)) return null
  const script = Object.values(scripts).find(({ SHA1 }) => message.includes(SHA1))
  const line = Number(/@user_script:\s?(\d+)/.exec(message)?.[1])
  return /call\('(\w+)'/.exec(script?.SCRIPT.split('\n')[line - 1] ?? '')?.[1]?.toLowerCase() ?? null
}
