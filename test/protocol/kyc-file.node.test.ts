import { expect, it } from 'vitest'
import { kycFileWebhook } from '../../src/protocol/webhooks/kyc-file.ts'

const user = 'bca65c48-df49-4831-a7b2-de7903321581'

it('takes the body that the provider documents', () => {
  const body = { externalUserId: user, status: 'ADDED' }
  expect(kycFileWebhook.body.parse(body)).toEqual(body)
})

it('drops fields beyond its own, a __proto__ among them', () => {
  const body = JSON.parse(
    `{"externalUserId":"${user}","status":"ERROR","reason":"blurry","__proto__":{"status":"ADDED"}}`,
  )
  const parsed = kycFileWebhook.body.parse(body)
  expect(Object.keys(parsed)).toEqual(['externalUserId', 'status'])
  expect(parsed.status).toBe('ERROR')
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype)
})

it.each([
  ['no status', { externalUserId: user }],
  ['a status in lower case', { externalUserId: user, status: 'added' }],
  ['no user', { status: 'ADDED' }],
  ['a number for a user', { externalUserId: 7, status: 'ADDED' }],
  ['an empty user', { externalUserId: '', status: 'ADDED' }],
  ['a user of 257 characters', { externalUserId: 'x'.repeat(257), status: 'ADDED' }],
  ['a line break in the user', { externalUserId: 'a\nb', status: 'ADDED' }],
  ['a NUL in the user', { externalUserId: 'a\u0000b', status: 'ADDED' }],
  ['half of a surrogate pair in the user', { externalUserId: 'a\ud800', status: 'ADDED' }],
  ['a user that a URL takes for a folder', { externalUserId: '..', status: 'ADDED' }],
  ['an array', []],
  ['null', null],
])('refuses %s', (_, body) => {
  expect(kycFileWebhook.body.safeParse(body).success).toBe(false)
})

it.each(['x'.repeat(256), 'user/1?#%', 'José 🙂', '日本'])('takes the user %s', (externalUserId) => {
  expect(kycFileWebhook.body.safeParse({ externalUserId, status: 'ADDED' }).success).toBe(true)
})
