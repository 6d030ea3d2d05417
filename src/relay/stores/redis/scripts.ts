import { type CommandParser, defineScript } from 'redis'

/** Milliseconds since the epoch, by the clock of Redis, which is one for all relays. */
const NOW = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/**
 * Stores an event, and says so to those who watch its user: not what it is, only that it is there. A script survives as a
 * whole; what may be refused, the event, comes first, so that nothing else is done without it.
 *
 * Keys: the user's events, the user's deliveries. Arguments: frame, data, events to keep, for how long (ms), delivery id or ''.
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
 * Reads the events of a user. Where there are none that are young enough, the cursor that is given out instead is made the
 * last id of the stream: what comes then has a higher one, whatever the clock does.
 *
 * Key: the user's events. Arguments: the tag of such cursors, how long events are kept (ms).
 * Replies: now, a millisecond before every id still to come, and the events.
 */
const readEvents = defineScript({
  SCRIPT: `${NOW}
  local function milliseconds(id) return tonumber(string.match(id, '^%d+')) end
  local kept = redis.call('XRANGE', KEYS[1], '-', '+')
  local last = kept[#kept]
  if last and milliseconds(last[1]) >= now - ARGV[2] then
    return { now, math.max(now - 1, milliseconds(last[1])), kept }
  end
  local position = now - 1
  if redis.call('EXISTS', KEYS[1]) == 1 then
    local id = redis.call('XINFO', 'STREAM', KEYS[1])
    for field = 1, #id, 2 do
      if id[field] == 'last-generated-id' then id = id[field + 1] break end
    end
    local isFresh = milliseconds(id) > now - ARGV[2] / 2
    if isFresh and string.match(id, '%d+$') == ARGV[1] then
      redis.call('PEXPIRE', KEYS[1], ARGV[2])
      return { now, milliseconds(id), kept }
    end
    position = math.max(position, milliseconds(id))
  end
  local cursor = string.format('%.0f-%s', position, ARGV[1])
  redis.call('XADD', KEYS[1], cursor, '', '')
  redis.call('XDEL', KEYS[1], cursor)
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return { now, position, kept }`,
  NUMBER_OF_KEYS: 1,
  IS_READ_ONLY: false,
  parseCommand(parser: CommandParser, events: string, tag: string, maxAge: string) {
    parser.pushKey(events)
    parser.push(tag, maxAge)
  },
  transformReply: (reply: unknown) => {
    const [now, position, entries] = reply as [number, number, unknown]
    return { now, position, events: toEvents(entries) }
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

export const scripts = { appendEvent, readEvents, readAfter }
