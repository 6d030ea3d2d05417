import { createParser } from 'eventsource-parser'
import { describe, expect, it } from 'vitest'
import { EventReader } from '../../bench/load/event-reader.ts'
import { ResponseParser } from '../../bench/load/response-parser.ts'
import { sourceOf } from '../../bench/load/socket.ts'
import { strideOver } from '../../bench/load/users.ts'

/** What a parser tells of bytes that come in parts of this length. */
function told(text: string, length: number): string[] {
  const log: string[] = []
  let body = ''
  const parser = new ResponseParser({
    head: (status) => void log.push(`${status}`),
    body: (part) => {
      body += part
    },
    end: () => void log.push(body, 'end'),
  })
  for (let at = 0; at < text.length; at += length) parser.push(text.slice(at, at + length))
  return log.at(-1) === 'end' ? log : [...log, body]
}

describe('ResponseParser', () => {
  const cases: [name: string, text: string, expected: string[]][] = [
    ['no body', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ['200', '', 'end']],
    ['a body of a length', 'HTTP/1.1 202 Accepted\r\ncontent-length: 5\r\n\r\nhello', ['202', 'hello', 'end']],
    [
      'chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n',
      ['200', 'hello, world', 'end'],
    ],
    ['a stream of chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', ['200', 'hello']],
    ['a stream without a length', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello', ['200', 'hello']],
    ['no content', 'HTTP/1.1 204 No Content\r\n\r\n', ['204', '', 'end']],
  ]

  it.each(cases)('reads %s, in whatever parts it comes', (_, text, expected) => {
    for (const length of [1, 2, 3, 7, text.length]) expect(told(text, length), `${length}`).toEqual(expected)
  })

  it('reads one response after the other', () => {
    const one = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    expect(told(one + one, 1000)).toEqual(['200', 'ok', 'end', '200', 'okok', 'end'])
  })
})

describe('EventReader', () => {
  const stream =
    'retry: 2000\n\n: hi\n\nevent: kyc-file\nid: 1-0\ndata: {"a":1}\n\n:\n\nid: 2-0\ndata: one\ndata: two\n\nevent: sync\nid: 3\ndata:x\n\n'

  it.each([1, 2, 5, 1000])('reads what a parser by the standard reads, in parts of %i characters', (length) => {
    const expected: unknown[] = []
    const reference = createParser({ onEvent: ({ event = 'message', data }) => expected.push({ event, data }) })
    reference.feed(stream)
    expect(expected).toHaveLength(3)

    const events: unknown[] = []
    const reader = new EventReader('', (event) => events.push(event))
    for (let at = 0; at < stream.length; at += length) reader.feed(stream.slice(at, at + length))
    expect(events).toEqual(expected)
    expect(reader.lastEventId).toBe('3')
  })

  it('comes back with the last id that it was told, which may be that of an earlier stream', () => {
    const reader = new EventReader('7', () => {})
    reader.feed('data: x\n\n')
    expect(reader.lastEventId).toBe('7')
  })
})

it.each([1, 2, 100, 7919, 10_000])('leads through all of %i users before it comes to one again', (count) => {
  const stride = strideOver(count)
  expect(new Set(Array.from({ length: count }, (_, i) => (i * stride) % count)).size).toBe(count)
})

it('connects from addresses of this machine, none of which runs out of ports', () => {
  const used = new Map<string, number>()
  for (let i = 0; i < 300_000; i++) used.set(sourceOf(i), (used.get(sourceOf(i)) ?? 0) + 1)
  for (const [address, connections] of used) {
    expect(address).toMatch(/^127\.0\.\d{1,3}\.\d{1,3}$/)
    expect(connections).toBeLessThan(28_000)
  }
  expect(used.has('127.0.0.1')).toBe(false)
})
