import { createHmac } from 'node:crypto'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type HmacSignatureOptions, hmacSignature } from '../../src/relay/index.ts'

const NOW = 1_763_932_800
const BODY = '{"type":"check.completed","id":"42"}'

/** By an implementation that is not ours. */
function mac(
  content: string,
  { secret = 'secret', algorithm = 'sha256', encoding = 'hex' as 'hex' | 'base64' } = {},
): string {
  return createHmac(algorithm, secret).update(content).digest(encoding)
}

const plain: HmacSignatureOptions = { header: 'x-signature', secrets: ['secret'], algorithm: 'sha256', encoding: 'hex' }

function verify(
  options: HmacSignatureOptions,
  headers: Record<string, string>,
  body: string | Uint8Array = BODY,
): boolean | Promise<boolean> {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
  onTestFinished(() => void vi.useRealTimers())
  return hmacSignature(options)(new Headers(headers), typeof body === 'string' ? new TextEncoder().encode(body) : body)
}

describe('a signature of the body', () => {
  it('is that of RFC 4231, test case 2', async () => {
    const options = { ...plain, secrets: ['Jefe'] }
    const body = 'what do ya want for nothing?'
    const sha256 = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    const sha512 =
      '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737'
    expect(await verify(options, { 'x-signature': sha256 }, body)).toBe(true)
    expect(await verify({ ...options, algorithm: 'sha512' }, { 'x-signature': sha512 }, body)).toBe(true)
  })

  it.each<[string, string, boolean]>([
    ['the right one', mac(BODY), true],
    ['the right one in upper case', mac(BODY).toUpperCase(), true],
    ['one among others', `${mac('x')}, ${mac(BODY)},${mac('y')}`, true],
    ['one among others, between spaces', `${mac('x')}  ${mac(BODY)}`, true],
    ['none', '', false],
    ['one of another body', mac(`${BODY} `), false],
    ['one of another secret', mac(BODY, { secret: 'Secret' }), false],
    ['one of another algorithm', mac(BODY, { algorithm: 'sha512' }), false],
    ['the right one in Base64', mac(BODY, { encoding: 'base64' }), false],
    ['the beginning of it', mac(BODY).slice(0, -2), false],
    ['it, and more', `${mac(BODY)}00`, false],
    ['it twice in one', mac(BODY).repeat(2), false],
    ['a prefix that is not asked for', `sha256=${mac(BODY)}`, false],
    ['others alone', `${mac('x')}, ${mac('y')}`, false],
    ['thousands', `${'a,'.repeat(4000)}${mac(BODY)}`, true],
  ])('%s', async (_, signature, expected) => {
    expect(await verify(plain, { 'x-signature': signature })).toBe(expected)
  })

  it('is missing where its header is', async () => {
    expect(await verify(plain, { signature: mac(BODY) })).toBe(false)
  })

  it.each(Array.from({ length: 8 }, (_, i) => i * 8))('is wrong with the digit %i changed', async (i) => {
    const right = mac(BODY)
    const changed = right.slice(0, i) + (right[i] === '0' ? '1' : '0') + right.slice(i + 1)
    expect(await verify(plain, { 'x-signature': changed })).toBe(false)
  })

  it('is one of bytes, whatever they are', async () => {
    const bytes = new Uint8Array([0xff, 0x00, 0xef, 0xbb, 0xbf, 0x0a])
    const signature = createHmac('sha256', 'secret').update(bytes).digest('hex')
    expect(await verify(plain, { 'x-signature': signature }, bytes)).toBe(true)
    expect(await verify(plain, { 'x-signature': signature }, bytes.subarray(1))).toBe(false)
  })

  it.each(['sha256', 'sha512'] as const)('is written in Base64, by %s', async (algorithm) => {
    const options: HmacSignatureOptions = { ...plain, algorithm, encoding: 'base64' }
    const signature = mac(BODY, { algorithm, encoding: 'base64' })
    expect(await verify(options, { 'x-signature': signature })).toBe(true)
    expect(await verify(options, { 'x-signature': signature.replace(/=+$/, '') })).toBe(false)
    expect(await verify(options, { 'x-signature': signature.toLowerCase() })).toBe(false)
    expect(await verify(options, { 'x-signature': mac(BODY, { algorithm }) })).toBe(false)
  })

  it('stands behind its prefix', async () => {
    const options = { ...plain, prefix: 'sha256=' }
    expect(await verify(options, { 'x-signature': `sha256=${mac(BODY)}` })).toBe(true)
    expect(await verify(options, { 'x-signature': `sha256=${mac('x')}, sha256=${mac(BODY)}` })).toBe(true)
    expect(await verify(options, { 'x-signature': mac(BODY) })).toBe(false)
    expect(await verify(options, { 'x-signature': `SHA256=${mac(BODY)}` })).toBe(false)
    expect(await verify(options, { 'x-signature': `sha512=${mac(BODY)}` })).toBe(false)
  })

  it('is that of one of several secrets, while one replaces another', async () => {
    const options = { ...plain, secrets: ['new', new TextEncoder().encode('old'), 'from a file\r\n'] }
    for (const secret of ['new', 'old', 'from a file']) {
      expect(await verify(options, { 'x-signature': mac(BODY, { secret }) })).toBe(true)
    }
    expect(await verify(options, { 'x-signature': mac(BODY, { secret: 'older' }) })).toBe(false)
  })
})

describe('a signature of the time and the body', () => {
  const signedAt = (time: number | string, options = {}) => mac(`${time}.${BODY}`, options)
  const own: HmacSignatureOptions = { ...plain, timestamp: { header: 'x-timestamp' } }
  const element: HmacSignatureOptions = { ...plain, timestamp: { element: 't', signature: 'v1' } }

  it.each([
    ['now', 0, true],
    ['5 minutes ago', -300, true],
    ['a second before that', -301, false],
    ['5 minutes ahead', 300, true],
    ['a second after that', 301, false],
  ])('%s', async (_, seconds, expected) => {
    const time = NOW + seconds
    expect(await verify(own, { 'x-signature': signedAt(time), 'x-timestamp': `${time}` })).toBe(expected)
    expect(await verify(element, { 'x-signature': `t=${time},v1=${signedAt(time)}` })).toBe(expected)
  })

  it.each<[string, string, string, boolean]>([
    ['another time than the signed one', signedAt(NOW), `${NOW + 1}`, false],
    ['the body alone', mac(BODY), `${NOW}`, false],
    ['no time', mac(`.${BODY}`), '', false],
    ['a time that is none', signedAt('soon'), 'soon', false],
    ['a time with a sign', signedAt(`+${NOW}`), `+${NOW}`, false],
    ['a fraction', signedAt(`${NOW}.5`), `${NOW}.5`, false],
    ['milliseconds', signedAt(NOW * 1000), `${NOW * 1000}`, false],
    ['two times', signedAt(NOW), `${NOW}, ${NOW}`, false],
  ])('in a header of its own: %s', async (_, signature, time, expected) => {
    expect(await verify(own, { 'x-signature': signature, 'x-timestamp': time })).toBe(expected)
  })

  it.each<[string, string, boolean]>([
    ['with others', `t=${NOW},v0=${mac('x')},v1=${signedAt(NOW)}`, true],
    ['with two, of which one is right', `t=${NOW},v1=${mac('x')},v1=${signedAt(NOW)}`, true],
    ['with spaces', `t=${NOW}, v1=${signedAt(NOW)}`, true],
    ['with its time twice', `t=${NOW - 9},v1=${mac('x')} t=${NOW},v1=${signedAt(NOW)}`, true],
    ['with an old time before it', `t=${NOW - 999},v1=${signedAt(NOW - 999)} t=${NOW},v1=${signedAt(NOW)}`, true],
    ['of another time in the same header', `t=${NOW},v1=${mac('x')} t=${NOW - 9},v1=${signedAt(NOW)}`, false],
    ['of another version', `t=${NOW},v0=${signedAt(NOW)}`, false],
    ['without a time', `v1=${signedAt(NOW)}`, false],
    ['without its name', `t=${NOW},${signedAt(NOW)}`, false],
    ['behind more times than a sender has', `${`t=${NOW},v1=x `.repeat(4)}t=${NOW},v1=${signedAt(NOW)}`, false],
    ['that is empty', `t=${NOW},v1=`, false],
  ])('in one header: one %s', async (_, signature, expected) => {
    expect(await verify(element, { 'x-signature': signature })).toBe(expected)
  })

  it('is that of each secret, while one replaces another', async () => {
    const options = { ...element, secrets: ['new', 'secret'] }
    const both = `t=${NOW},v1=${signedAt(NOW)} t=${NOW},v1=${signedAt(NOW, { secret: 'new' })}`
    expect(await verify(options, { 'x-signature': both })).toBe(true)
    expect(await verify({ ...options, secrets: ['other'] }, { 'x-signature': both })).toBe(false)
  })

  it('keeps the padding of Base64, which has the sign of an element', async () => {
    const signature = signedAt(NOW, { encoding: 'base64' })
    expect(signature).toMatch(/=$/)
    expect(await verify({ ...element, encoding: 'base64' }, { 'x-signature': `t=${NOW},v1=${signature}` })).toBe(true)
  })
})

it.each<[object | undefined, RegExp]>([
  [undefined, /hmacSignature: expected an object/],
  [{}, /hmacSignature: header: expected the name of a header; secrets: .*; algorithm: .*; encoding: /],
  [{ ...plain, header: 'x signature' }, /header: expected the name of a header/],
  [{ ...plain, secrets: 'secret' }, /secrets: expected a list of secrets/],
  [{ ...plain, secrets: [] }, /secrets: expected at least one secret/],
  [{ ...plain, secrets: ['secret', ''] }, /secrets: 1: expected text or bytes/],
  [{ ...plain, secrets: ['\n'] }, /secrets: 0: expected text or bytes/],
  [{ ...plain, secrets: [undefined] }, /secrets: 0: expected text or bytes/],
  [{ ...plain, secrets: [new Uint8Array()] }, /secrets: 0: expected text or bytes/],
  [{ ...plain, algorithm: 'sha1' }, /algorithm: expected sha256 or sha512/],
  [{ ...plain, encoding: 'base64url' }, /encoding: expected hex or base64/],
  [{ ...plain, prefix: 'v1,' }, /prefix: expected no comma or space/],
  [{ ...plain, prefix: 7 }, /prefix: expected text/],
  [{ ...plain, timestamp: 't' }, /timestamp: expected an object/],
  [{ ...plain, timestamp: { header: '' } }, /timestamp: header: expected the name of a header/],
  [{ ...plain, timestamp: { header: 'x', element: 't' } }, /timestamp: element: not an option/],
  [{ ...plain, timestamp: { element: 't' } }, /timestamp: signature: expected letters and digits/],
  [{ ...plain, timestamp: {} }, /timestamp: element: expected/],
  [{ ...plain, tolerance: 60 }, /tolerance: not an option/],
])('refuses the options %j, and repeats no secret', (options, message) => {
  expect(() => hmacSignature(options as HmacSignatureOptions)).toThrow(message)
  expect(() => hmacSignature(options as HmacSignatureOptions)).not.toThrow(/"secret"|'secret'/)
})
