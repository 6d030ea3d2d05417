import { describe, expect, it } from 'vitest'
import { isAccept, isAccepted, typeNames } from '../../../src/react/upload/accept.ts'
import {
  cancel,
  change,
  choose,
  type KycUploadLimits,
  NOTHING_CHOSEN,
  phaseOf,
  queue,
  remove,
  type Upload,
} from '../../../src/react/upload/upload-files.ts'

const LIMITS: KycUploadLimits = { accept: 'image/jpeg,.pdf', maxSize: 1000, maxFiles: 2 }
const file = (name: string, size = 100, type = 'image/jpeg') =>
  new File([new Uint8Array(size)], name, { type, lastModified: 1 })
const statuses = ({ files }: Upload) => files.map(({ status }) => status)
const names = ({ files }: Upload) => files.map(({ file: { name } }) => name)

describe('a choice', () => {
  it.each([
    ['a file of a type that is asked for', file('a.jpg'), null],
    ['one by its extension, in capitals', file('a.PDF', 100, ''), null],
    ['the largest that may be', file('a.jpg', 1000), null],
    ['one byte more', file('a.jpg', 1001), 'too_large'],
    ['an empty one', file('a.jpg', 0), 'empty'],
    ['another type', file('a.txt', 100, 'text/plain'), 'wrong_type'],
    ['another type with a name that looks right', file('a.jpg', 100, 'text/html'), 'wrong_type'],
  ])('of %s', (_, chosen, problem) => {
    const { files, problems } = choose(NOTHING_CHOSEN, [chosen], LIMITS)
    expect(problems).toEqual(problem ? [{ id: 1, code: problem, name: chosen.name }] : [])
    expect(files).toHaveLength(problem ? 0 : 1)
  })

  it('takes as many as there is room for, and names the others', () => {
    const upload = choose(NOTHING_CHOSEN, [file('a.jpg'), file('b.jpg'), file('c.jpg')], LIMITS)
    expect(names(upload)).toEqual(['a.jpg', 'b.jpg'])
    expect(upload.problems).toMatchObject([{ code: 'too_many', name: 'c.jpg' }])
  })

  it('takes the place of the one before where there is one alone', () => {
    const one = { ...LIMITS, maxFiles: 1 }
    const upload = choose(choose(NOTHING_CHOSEN, [file('a.jpg')], one), [file('b.jpg')], one)
    expect(names(upload)).toEqual(['b.jpg'])
    expect(names(choose(upload, [file('c.txt', 1, 'text/plain')], one))).toEqual(['b.jpg'])
  })

  it('takes the same file once', () => {
    const upload = choose(choose(NOTHING_CHOSEN, [file('a.jpg')], LIMITS), [file('a.jpg'), file('b.jpg')], LIMITS)
    expect(names(upload)).toEqual(['a.jpg', 'b.jpg'])
  })

  it('forgets what was wrong with the one before', () => {
    const wrong = choose(NOTHING_CHOSEN, [file('a.txt', 1, 'text/plain')], LIMITS)
    expect(choose(wrong, [file('a.jpg')], LIMITS).problems).toEqual([])
  })

  it('can be taken back, until it is sent', () => {
    const upload = choose(NOTHING_CHOSEN, [file('a.jpg'), file('b.jpg')], LIMITS)
    expect(names(remove(upload, 1))).toEqual(['b.jpg'])
    expect(names(remove(queue(upload), 1))).toEqual(['a.jpg', 'b.jpg'])
  })
})

describe('an upload', () => {
  const chosen = choose(NOTHING_CHOSEN, [file('a.jpg'), file('b.jpg')], LIMITS)

  it('goes from choosing to sent', () => {
    expect(phaseOf(NOTHING_CHOSEN)).toBe('choosing')
    expect(phaseOf(chosen)).toBe('choosing')
    const begun = change(queue(chosen), 1, { status: 'sending' })
    expect(statuses(begun)).toEqual(['sending', 'queued'])
    expect(phaseOf(begun)).toBe('sending')
    const half = change(begun, 1, { status: 'sent' })
    expect(phaseOf(half)).toBe('sending')
    expect(phaseOf(change(half, 2, { status: 'sent' }))).toBe('sent')
  })

  it('sends what failed again, and not what was sent', () => {
    const stopped = change(change(queue(chosen), 1, { status: 'sent' }), 2, { status: 'failed', error: new Error('x') })
    expect(phaseOf(stopped)).toBe('stopped')
    expect(statuses(queue(stopped))).toEqual(['sent', 'queued'])
    expect(queue(stopped).files[1]?.error).toBeNull()
  })

  it('sends one file again where one is meant', () => {
    expect(statuses(queue(cancel(queue(chosen)), 2))).toEqual(['canceled', 'queued'])
  })

  it('is not changed by a file that is not under way any more', () => {
    const canceled = cancel(change(queue(chosen), 1, { status: 'sent' }))
    expect(statuses(canceled)).toEqual(['sent', 'canceled'])
    expect(change(canceled, 2, { status: 'sent' })).toEqual(canceled)
    expect(change(canceled, 1, { status: 'failed' })).toEqual(canceled)
  })

  it('takes no more files once it has begun', () => {
    expect(names(choose(queue(chosen), [file('c.jpg')], { ...LIMITS, maxFiles: 3 }))).toEqual(['a.jpg', 'b.jpg'])
  })
})

it.each([
  ['image/jpeg, image/png,.pdf', ['JPEG', 'PNG', 'PDF']],
  ['image/*', ['IMAGE']],
  ['image/svg+xml,image/x-icon', ['SVG', 'ICON']],
  ['.jpg,.JPG', ['JPG']],
])('calls %j %j', (accept, expected) => {
  expect(typeNames(accept)).toEqual(expected)
})

it.each(['', 'jpeg', 'image', 'image/', '.a.b', 'image/jpeg image/png', null])(
  'knows that %j is no accept',
  (accept) => {
    expect(isAccept(accept)).toBe(false)
  },
)

it('goes by the name of a file whose type nobody knows', () => {
  expect(isAccepted({ name: 'x.JPG', type: '' }, 'image/jpeg')).toBe(true)
  expect(isAccepted({ name: 'x.png', type: '' }, 'image/jpeg,image/png')).toBe(true)
  expect(isAccepted({ name: 'x.exe', type: '' }, 'image/jpeg')).toBe(false)
})

it('accepts all types of a kind', () => {
  expect(isAccepted({ name: 'x.png', type: 'image/png' }, 'image/*')).toBe(true)
  expect(isAccepted({ name: 'x.png', type: 'imagine/png' }, 'image/*')).toBe(false)
})
