import { describe, expect, it } from 'vitest'
import type { SchemaResult } from '../../src/protocol/standard-schema.ts'
import type { DefinedEvent, WebhookDefinition } from '../../src/protocol/webhooks/definition.ts'
import { type PartnerApiOptions, partnerApi } from '../../src/protocol/webhooks/partner-api.ts'

const user = 'bca65c48-df49-4831-a7b2-de7903321581'
const paths = { poa: '/webhook/poa/status', 'kyc-verification': '/webhook/kyc/status' }

function definitionOf(frame: string, options: PartnerApiOptions = { paths }): WebhookDefinition {
  const found = partnerApi(options).find((definition) => definition.frame === frame)
  if (!found) throw new Error(`${frame} is not there`)
  return found
}

function check(definition: WebhookDefinition, body: unknown): SchemaResult<unknown> {
  const result = definition.body['~standard'].validate(body)
  if (result instanceof Promise) throw new Error('expected an answer at once')
  return result
}

/** What becomes of a word, or `null` where it is refused. */
function eventOf(frame: string, status: unknown, options?: PartnerApiOptions): DefinedEvent | null {
  const definition = definitionOf(frame, options)
  const result = check(definition, { externalUserId: user, status, more: 1 })
  return result.issues ? null : definition.toEvent(result.value, new Headers())
}

/** Each webhook of the Partner API, and what its words mean. */
const WORDS: [frame: string, status: string, state: string, reason?: string][] = [
  ['user-balance', 'ACTIVE', 'approved'],
  ['poa', 'WAITING', 'in_review'],
  ['poa', 'APPROVED', 'approved'],
  ['poa', 'QUESTIONED', 'action_needed', 'unclear'],
  ['poa', 'REJECTED', 'action_needed', 'other_document'],
  ['kyc-verification', 'APPROVED', 'approved'],
  ['kyc-verification', 'PENDING', 'in_review'],
  ['kyc-verification', 'WAITING', 'in_review'],
  ['kyc-verification', 'REVIEWING', 'in_review'],
  ['kyc-verification', 'SUSPECTED', 'in_review'],
  ['kyc-verification', 'QUESTIONED', 'action_needed'],
  ['kyc-verification', 'REJECTED', 'declined'],
  ['kyc-verification', 'DENIED', 'declined'],
  ['kyc-verification', 'EXPIRED', 'expired'],
  ['kyc-verification', 'ABANDONED', 'expired'],
]

describe('the webhooks of the Partner API', () => {
  it('are the two whose paths are known, and the others where their paths are told', () => {
    const told = (options?: PartnerApiOptions) => partnerApi(options).map(({ frame, path }) => [frame, path])
    const known = [
      ['kyc-file', '/webhook/kyc-files/status'],
      ['user-balance', '/webhook/user/status'],
    ]
    expect(told()).toEqual(known)
    expect(told({ paths })).toEqual([...known, ['poa', paths.poa], ['kyc-verification', paths['kyc-verification']]])
    expect(told({ paths: { 'kyc-file': '/webhook/files', 'user-balance': '/webhook/balances' } })).toEqual([
      ['kyc-file', '/webhook/files'],
      ['user-balance', '/webhook/balances'],
    ])
  })

  it.each(WORDS)('%s %s is %s, in any case, and is told as it came', (frame, status, state, reason) => {
    const lower = status.toLowerCase()
    for (const word of [status, lower, `${status.charAt(0)}${lower.slice(1)}`]) {
      expect(eventOf(frame, word)).toEqual({ externalUserId: user, status: word, state, ...(reason && { reason }) })
    }
  })

  it.each(['ADDED', 'ERROR'])('kyc-file %s has no state', (status) => {
    expect(eventOf('kyc-file', status)).toEqual({ externalUserId: user, status })
  })

  it.each([
    ['kyc-file', 'PENDING'],
    ['user-balance', 'FROZEN'],
    ['poa', 'new-word_2'],
    ['kyc-verification', 'x'],
    ['kyc-verification', 'constructor'],
    ['poa', 'D'.repeat(64)],
  ])('%s %s, a word that nobody knows yet, is unknown', (frame, status) => {
    expect(eventOf(frame, status)).toEqual({ externalUserId: user, status, state: 'unknown' })
  })

  it.each([
    ['kyc-file', 'added'],
    ['poa', ''],
    ['poa', '2_DONE'],
    ['poa', 'two words'],
    ['poa', 'D'.repeat(65)],
    ['user-balance', 7],
    ['kyc-verification', undefined],
  ])('%s refuses the status %j', (frame, status) => {
    expect(eventOf(frame, status)).toBeNull()
  })

  it.each(['user-balance', 'poa', 'kyc-verification'])('%s refuses a user who can not be one', (frame) => {
    for (const externalUserId of [undefined, '', 'a\nb', '..', 7]) {
      const { issues } = check(definitionOf(frame), { externalUserId, status: 'APPROVED' })
      expect(issues?.[0]?.path).toEqual(['externalUserId'])
    }
  })

  it('take other words, and other meanings, in any case', () => {
    const options: PartnerApiOptions = {
      paths,
      statuses: {
        'kyc-verification': { DONE: 'approved', rejected: 'action_needed' },
        poa: { QUESTIONED: 'declined' },
      },
    }
    expect(eventOf('kyc-verification', 'done', options)).toMatchObject({ status: 'done', state: 'approved' })
    expect(eventOf('kyc-verification', 'REJECTED', options)).toMatchObject({ state: 'action_needed' })
    expect(eventOf('kyc-verification', 'DENIED', options)).toMatchObject({ state: 'declined' })
    // "A clearer picture" is no reason of a refusal.
    expect(eventOf('poa', 'QUESTIONED', options)).toEqual({
      externalUserId: user,
      status: 'QUESTIONED',
      state: 'declined',
    })
  })

  it('stay as they are: whoever needs another one makes it of them', () => {
    const [file] = partnerApi()
    expect(() => Object.assign(file ?? {}, { path: '/webhook/x' })).toThrow(TypeError)
    expect({ ...file, path: '/webhook/x' }).toMatchObject({ frame: 'kyc-file', path: '/webhook/x' })
  })

  it('have the authenticate and the deliveryId that they are given, all of them', () => {
    const authenticate = () => true
    const deliveryId = () => '1'
    for (const definition of partnerApi({ paths, authenticate, deliveryId }))
      expect(definition).toMatchObject({ authenticate, deliveryId })
    for (const definition of partnerApi({ paths })) {
      expect(definition).not.toHaveProperty('authenticate')
      expect(definition).not.toHaveProperty('deliveryId')
    }
  })

  it.each<[object, RegExp]>([
    [{ paths: { cards: '/webhook/cards' } }, /partnerApi: paths: cards: not an option/],
    [{ paths: { poa: '/poa' } }, /paths: poa: expected a path below \/webhook\//],
    [{ paths: { poa: '/webhook/health' } }, /paths: poa: .*\/webhook\/health is taken/],
    [{ paths: { poa: '/webhook/a b' } }, /paths: poa: expected a path/],
    [{ paths: { poa: '/webhook/../x' } }, /paths: poa: expected a path/],
    [{ paths: { poa: '/webhook/x?y' } }, /paths: poa: expected a path/],
    [{ statuses: { 'kyc-file': { DONE: 'approved' } } }, /statuses: kyc-file: not an option/],
    [{ statuses: { poa: { DONE: 'done' } } }, /statuses: poa: expected words and what they mean: in_review, approved/],
    [{ statuses: { poa: 'approved' } }, /statuses: poa: expected words/],
    [{ authenticate: 'secret' }, /authenticate: expected a function/],
    [{ deliveryId: 'x-delivery' }, /deliveryId: expected a function/],
    [{ path: '/webhook' }, /path: not an option/],
  ])('refuse the options %j', (options, message) => {
    expect(() => partnerApi(options as PartnerApiOptions)).toThrow(message)
  })
})
