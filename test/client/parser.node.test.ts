import { createParser as createReference } from 'eventsource-parser'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createParser, type Parsed } from '../../src/client/line/parser.ts'

const encoder = new TextEncoder()

/** What another implementation of the standard makes of a stream. */
function reference(bytes: Uint8Array): Parsed[] {
  const said: Parsed[] = []
  let lastEventId = ''
  const parser = createReference({
    onId: (id) => {
      lastEventId = id
      said.push({ lastEventId })
    },
    onEvent: ({ event = 'message', data }) => said.push({ message: { type: event, data, lastEventId } }),
    onRetry: (retry) => said.push({ retry }),
  })
  parser.feed(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  return said
}

/** The same, cut into pieces. */
function read(bytes: Uint8Array, cuts: readonly number[]): Parsed[] {
  const parse = createParser('', 1e6)
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return ends.flatMap((end, index) => [...parse(bytes.subarray(ends[index - 1] ?? 0, end))])
}

const word = fc.constantFrom(
  'data',
  'event',
  'id',
  'retry',
  ':',
  ': ',
  '\u0000',
  '7',
  '007',
  'é🙂',
  'kyc-file',
  ' ',
  '\ufeff',
  'x',
)
const end = fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n')
const field = fc.constantFrom('data: ', 'data:', 'event: ', 'id: ', 'retry: ', '')
const line = fc
  .tuple(field, fc.array(word, { maxLength: 3 }), end)
  .map(([name, words, ending]) => name + words.join('') + ending)
const stream = fc.tuple(fc.constantFrom('', '\ufeff'), fc.array(line, { maxLength: 12 }), fc.boolean())

it('reads any stream as another implementation does, wherever it is cut', () => {
  let messages = 0
  fc.assert(
    fc.property(stream, fc.array(fc.nat(200), { maxLength: 8 }), ([mark, lines, isCutOff], cuts) => {
      const text = mark + lines.join('') + (isCutOff ? 'data: cut off' : '')
      const bytes = encoder.encode(text)
      const said = read(bytes, cuts)
      expect(said).toEqual(reference(bytes))
      messages += said.filter((one) => 'message' in one).length
    }),
    { numRuns: 3000 },
  )
  expect(messages).toBeGreaterThan(500)
})

it('reads a large event in small pieces without reading it again and again', () => {
  const read = createParser('', 16 * 1024 * 1024)
  const parse = (bytes: Uint8Array) => [...read(bytes)]
  const piece = encoder.encode('x'.repeat(64))
  parse(encoder.encode('data: '))
  for (let i = 0; i < 100_000; i++) parse(piece)
  expect(parse(encoder.encode('\n\n'))).toEqual([
    { message: { type: 'message', data: 'x'.repeat(6_400_000), lastEventId: '' } },
  ])
})

it('takes comments for as long as there are any', () => {
  const parse = createParser('', 100)
  for (let i = 0; i < 1000; i++) expect([...parse(encoder.encode(': a heartbeat\n'))]).toEqual([])
  expect([...parse(encoder.encode('data: 1\n\n'))]).toHaveLength(1)
})
