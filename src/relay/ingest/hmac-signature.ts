import { checkOptions, expect, listOf, objectOf, type Rules, text, withRequired } from '../../protocol/check-options.ts'
import type { Authenticate } from '../../protocol/webhooks/definition.ts'
import { isSame } from './constant-time.ts'

/** How a provider signs, and where it says so. */
export interface HmacSignatureOptions {
  /** The header with the signature. It may have several, separated by commas or spaces; one has to be right. */
  header: string
  /** One, or several while one replaces another. Text counts as its bytes in UTF-8; the line end of one from a file is no part of it. */
  secrets: readonly (string | Uint8Array)[]
  algorithm: 'sha256' | 'sha512'
  /** How the signature is written: hexadecimal in any case, or Base64 with its padding. */
  encoding: 'hex' | 'base64'
  /** What stands before each signature: `sha256=`, for example. Default: nothing. */
  prefix?: string
  /**
   * Where the time of the signature is, in seconds since 1970: a header of its own, or an element of the header above
   * (`t=…,v1=…` is `{ element: 't', signature: 'v1' }`). Then `<time>.<body>` is signed, and a time more than 5 minutes away is
   * refused. Default: the body alone is signed.
   */
  timestamp?: { header: string } | { element: string; signature: string }
}

/** How far the time of a signature may be from now, in seconds. Standard Webhooks, Stripe and others have the same. */
const TOLERANCE = 300

/** How many times one header may have, each of which is a signature to compute. */
const MAX_TIMES = 4

const HASHES = { sha256: 'SHA-256', sha512: 'SHA-512' } as const

const fieldName = expect(
  (name) => typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(name),
  'expected the name of a header',
)
const elementName = expect((name) => typeof name === 'string' && /^[\w.-]+$/.test(name), 'expected letters and digits')

const rules: Rules = {
  header: fieldName,
  secrets: (value) =>
    listOf(expect(isSecret, 'expected text or bytes, and not none'), 'expected a list of secrets')(value) ??
    (Array.isArray(value) && value.length > 0 ? null : 'expected at least one secret'),
  algorithm: expect((name) => name === 'sha256' || name === 'sha512', 'expected sha256 or sha512'),
  encoding: expect((name) => name === 'hex' || name === 'base64', 'expected hex or base64'),
  prefix: (value) =>
    text(value) ?? (/^[\x21-\x2b\x2d-\x7e]*$/.test(String(value)) ? null : 'expected no comma or space'),
  timestamp: (value) =>
    'header' in Object(value)
      ? objectOf({ header: fieldName })(value)
      : objectOf({ element: elementName, signature: elementName }, 'element', 'signature')(value),
}

/**
 * Verifies a signature by HMAC, to be passed to `defineWebhook` or `partnerApi` as `authenticate`.
 *
 * @throws {InvalidOptionsError} if an option is missing, or can't work.
 */
export function hmacSignature(options: HmacSignatureOptions): Authenticate {
  checkOptions('hmacSignature', rules, withRequired(options, 'header', 'secrets', 'algorithm', 'encoding'))
  const { header, timestamp, prefix = '', encoding } = options
  let keys: Promise<CryptoKey[]> | undefined
  return async (headers, rawBody) => {
    const now = Date.now() / 1000
    const signed = read(headers.get(header) ?? '', headers, timestamp).filter(({ time }) => isRecent(time, now))
    if (signed.length === 0) return false
    keys ??= Promise.all(options.secrets.map((secret) => toKey(secret, options.algorithm)))
    let found = false
    for (const { time, signatures } of signed) {
      const content = time === null ? rawBody.slice() : behind(`${time}.`, rawBody)
      for (const key of await keys) {
        const expected = prefix + encode(new Uint8Array(await crypto.subtle.sign('HMAC', key, content)), encoding)
        for (const presented of signatures) found = isSame(normal(presented, prefix, encoding), expected) || found
      }
    }
    return found
  }
}

interface Signed {
  /** Seconds since 1970 as they were sent, or `null` where none is asked for. */
  time: string | null
  signatures: string[]
}

/** What a header presents, with the time that each signature is for. */
function read(value: string, headers: Headers, timestamp: HmacSignatureOptions['timestamp']): Signed[] {
  const parts = value.split(/[\s,]+/).filter((part) => part !== '')
  if (!timestamp) return [{ time: null, signatures: parts }]
  if ('header' in timestamp) return [{ time: headers.get(timestamp.header) ?? '', signatures: parts }]
  const signed: Signed[] = []
  for (const part of parts) {
    const at = part.indexOf('=')
    const [name, content] = [part.slice(0, Math.max(at, 0)), part.slice(at + 1)]
    if (name === timestamp.element) signed.push({ time: content, signatures: [] })
    // While secrets rotate, some send a time and its signature for each.
    else if (name === timestamp.signature) signed.at(-1)?.signatures.push(content)
  }
  return signed.slice(0, MAX_TIMES)
}

function isRecent(time: string | null, now: number): boolean {
  return time === null || (/^\d{1,12}$/.test(time) && Math.abs(now - Number(time)) <= TOLERANCE)
}

/** As `encode` writes it: hexadecimal has no case. */
function normal(presented: string, prefix: string, encoding: HmacSignatureOptions['encoding']): string {
  return encoding === 'hex'
    ? presented.slice(0, prefix.length) + presented.slice(prefix.length).toLowerCase()
    : presented
}

function isSecret(secret: unknown): boolean {
  return secret instanceof Uint8Array ? secret.length > 0 : typeof secret === 'string' && withoutLineEnd(secret) !== ''
}

function withoutLineEnd(secret: string): string {
  return secret.replace(/[\r\n]+$/, '')
}

function toKey(secret: string | Uint8Array, algorithm: HmacSignatureOptions['algorithm']): Promise<CryptoKey> {
  const bytes = typeof secret === 'string' ? utf8.encode(withoutLineEnd(secret)) : secret.slice()
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: HASHES[algorithm] }, false, ['sign'])
}

const utf8 = new TextEncoder()

function behind(head: string, body: Uint8Array) {
  const start = utf8.encode(head)
  const whole = new Uint8Array(start.length + body.length)
  whole.set(start)
  whole.set(body, start.length)
  return whole
}

function encode(bytes: Uint8Array, encoding: HmacSignatureOptions['encoding']): string {
  if (encoding === 'base64') return btoa(String.fromCharCode(...bytes))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
