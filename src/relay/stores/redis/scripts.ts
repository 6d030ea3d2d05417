import { type CommandParser, defineScript } from 'redis'

/** Milliseconds since the epoch, by the clock of Redis, which is one for all relays. */
const NOW = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/**
 * Stores an event, and says so to those who watch its user: not what it is, only that it is there. A script survives as a
 * whole; what may be refused, the event, comes first, so that nothing else is done without it.
 *
 * Keys: the user's events, the user's deliveries. Arguments: frame, data, events to keep, for how long (ms), delivery or ''.
 */
const appendEvent = defineScript({
  SCRIPT: `${NOW}
  if ARGV[5] ~= '' then
    local stored = redis.call('ZSCORE', KEYS[2], ARGV[5])
    if stored and tonumber(stored) >= now - ARGV[4] then return false end
  end
  local id = redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[3], '*', 'frame', ARGV[1], 'data', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  if ARGV[5] ~= '' then
    redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[4])
    redis.call('ZADD', KEYS[2], now, ARGV[5])
    redis.call('PEXPIRE', KEYS[2], ARGV[4])
  end
  redis.pcall('SPUBLISH', KEYS[1], id)
  return id`,
  NUMBER_OF_KEYS: 2,
  IS_READ_ONLY: false,
  parseCommand(parser: CommandParser, keys: { events: string; deliveries: string }, ...rest: string[]) {
    parser.pushKeys([keys.events, keys.deliveries])
    parser.push(...rest)
  },
  transformReply: (reply: unknown) => (typeof reply === 'string' ? reply : null),
})

/**
 * Reads the events of a user, and what a cursor is worth. The stream itself says that, so no cursor has to be marked:
 *
 * - A cursor is the id of an event that is there, or the position with which the stream began. What comes has a higher id than
 *   both, whatever the clock of Redis does.
 * - A stream that is not there was erased, lost, has expired, or never was. It begins with a position, by the clock of
 *   Redis: written and deleted, it is the last id, and the highest id that was deleted. A cursor below that is not known.
 * - Events are trimmed, which is no deletion to Redis. There were some if more was added than is there, by a relay that
 *   keeps fewer events, too. Then nothing is missing from the first one on, and so where an event began the stream.
 *
 * Key: the user's events. Argument: how long events are kept (ms).
 * Replies: now, never behind the last id; the last id; from where on no event is missing; the events.
 */
const readEvents = defineScript({
  SCRIPT: `${NOW}
  if redis.call('EXISTS', KEYS[1]) == 0 then
    local position = string.format('%.0f-0', now - 1)
    redis.call('XADD', KEYS[1], position, '', '')
    redis.call('XDEL', KEYS[1], position)
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
    return { now, position, position, {} }
  end
  local stream = {}
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for field = 1, #info, 2 do stream[info[field]] = info[field + 1] end
  local function milliseconds(id) return tonumber(string.match(id, '^%d+')) end
  local last = stream['last-generated-id']
  now = math.max(now, milliseconds(last))
  local kept = redis.call('XRANGE', KEYS[1], '-', '+')
  local latest = kept[#kept]
  if not latest or milliseconds(latest[1]) < now - ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  local since = stream['max-deleted-entry-id']
  local positions = since == '0-0' and 0 or 1
  local isTrimmed = stream['entries-added'] > #kept + positions
  if latest and (isTrimmed or positions == 0) then since = kept[1][1] end
  return { now, last, since, kept }`,
  NUMBER_OF_KEYS: 1,
  IS_READ_ONLY: false,
  parseCommand(parser: CommandParser, events: string, maxAge: string) {
    parser.pushKey(events)
    parser.push(maxAge)
  },
  transformReply: (reply: unknown) => {
    const [now, last, since, entries] = reply as [number, string, string, unknown]
    return { now, last, since, events: toEvents(entries) }
  },
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

export const scripts = { appendEvent, readEvents, readAfter, noteEnding }

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
