import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import type { KycMessageOverrides, KycMessages, KycPluralMessage } from '../../src/react/index.ts'
import { completeMessages } from '../../src/react/messages/complete.ts'
import { de } from '../../src/react/messages/de.ts'
import { en } from '../../src/react/messages/en.ts'
import { format, formatChoice, formatNumber, formatSize, formatTime } from '../../src/react/messages/format.ts'
import { catalogues, formsOf, textsOf } from './catalogues.ts'

const NO_LOCALE = 'xx-invalid-locale!!'
const AFTERNOON = new Date(2026, 0, 1, 14, 5).getTime()
/** Among them one for each plural category of each language. */
const COUNTS = [0, 1, 2, 3, 5, 11, 21, 100, 1.5, 1_000_000]

/** What would say more of a document than that it was received, by the stems of the words. */
const SAYS_TOO_MUCH: Record<string, RegExp> = {
  ar: /تحقق|موافق|اعتماد|معتمد|مقبول|قبول|نجاح|تأكيد/,
  de: /verifizier|bestätig|genehmig|akzeptier|geprüft|erfolg|gültig/i,
  en: /verif|approv|success|accept|confirm|valid/i,
  es: /verific|aprob|acept|confirm|valid|éxito|correctamente/i,
  fr: /vérifi|approuv|accept|confirm|valid|succès/i,
  it: /verific|approv|accett|conferm|convalid|successo/i,
  ja: /確認|承認|認証|検証|審査|成功|合格/,
  nl: /geverifieerd|goedgekeurd|geaccepteerd|bevestigd|gecontroleerd|geslaagd|succes|geldig/i,
  pl: /weryfik|zatwierdz|zaakcept|potwierdz|sprawdzon|sukces|pomyśln|ważn/i,
  'pt-BR': /verific|aprov|aceit|confirm|valid|sucesso/i,
  tr: /doğrula|onay|kabul|başarı|geçerli/i,
  'zh-CN': /验证|核实|核验|审核|批准|通过|确认|成功|有效/,
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort()
const isSentence = (text: string) => /[.。]$/.test(text)
const fullStop = (locale: string) => (/^(ja|zh)/.test(locale) ? '。' : '.')

function directionOf(language: string): string | undefined {
  const locale: Intl.Locale & { getTextInfo?: () => { direction: string } } = new Intl.Locale(language)
  return locale.getTextInfo?.().direction ?? (['ar', 'fa', 'he', 'ur'].includes(locale.language) ? 'rtl' : 'ltr')
}

describe.each(catalogues)('$file', ({ file, names, messages }) => {
  const { locale } = messages
  const texts = textsOf(messages)
  const english = textsOf(en)
  const pairs = [...english].map(([path, text]) => ({ path, inEnglish: text, text: texts.get(path) ?? '' }))

  it('is one catalogue, and named after its language', () => {
    expect(names).toEqual([file.replace('-', '')])
    expect(locale).toBe(file)
    expect(Intl.PluralRules.supportedLocalesOf(locale)).toEqual([locale])
  })

  it('has the texts that English has, and no other', () => {
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('has in each text what is put into it in English', () => {
    for (const { path, inEnglish, text } of pairs) {
      expect(typeof text, path).toBe(typeof inEnglish)
      const [known, own] = [inEnglish, text].map((each) => placeholders(typeof each === 'string' ? each : each.other))
      expect(own, path).toEqual(known)
      for (const form of formsOf(text)) expect(known, path).toEqual(expect.arrayContaining(placeholders(form)))
    }
  })

  it('has a form for each plural of its language, and no other', () => {
    const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions()
    for (const [path, text] of texts) {
      if (typeof text === 'object') expect(Object.keys(text).sort(), path).toEqual([...pluralCategories].sort())
    }
  })

  it('is written in the direction of its language', () => {
    expect(messages.direction).toBe(directionOf(locale))
  })

  it('has a sentence where English has one, and no text is empty', () => {
    for (const { path, inEnglish, text } of pairs) {
      for (const form of formsOf(text)) {
        expect(form.trim(), path).toBe(form)
        expect(form, path).not.toBe('')
        expect(isSentence(form), `${path}: ${form}`).toBe(formsOf(inEnglish).every(isSentence))
        if (isSentence(form)) expect(form.at(-1), path).toBe(fullStop(locale))
      }
    }
  })

  it('says something else in each state', () => {
    const { loading, none, processing, slow, verySlow, added, error } = messages
    const states = [loading, none, processing, slow, verySlow, added, error]
    expect(new Set(states.map(({ title }) => title)).size).toBe(states.length)
  })

  it('says of an added document no more than that it was received', () => {
    const { added, filesAdded } = messages
    for (const text of [added.title, added.description, ...Object.values(filesAdded)])
      expect(text).not.toMatch(SAYS_TOO_MUCH[locale] ?? /$/)
  })

  it('takes in what is put into it, and no brace is left', () => {
    const values = {
      total: 1_000_000,
      time: formatTime(AFTERNOON, locale),
      name: 'passport (1).pdf',
      title: 'Title',
      description: 'Description.',
      size: formatSize(10_000_000, locale),
      types: formatChoice(['JPEG', 'PNG', 'PDF'], locale),
    }
    for (const [path, text] of texts) {
      for (const count of COUNTS) expect(format(text, { ...values, count }, locale), path).not.toMatch(/[{}]/)
    }
  })
})

it('blames nobody and begs nobody in English', () => {
  for (const [path, text] of textsOf(en)) {
    for (const form of formsOf(text))
      expect(form, path).not.toMatch(
        /\b(please|sorry|oops|(in)?valid|forbidden|illegal|failed|wrong|you (must|forgot))\b/i,
      )
  }
})

it('is exported, each catalogue as an entry point of its own, and nothing else with them', () => {
  const entries = Object.entries(manifest.exports).filter(([path]) => /^\.\/messages\/[\w-]+$/.test(path))
  const expected = catalogues.map(({ file }) => [`./messages/${file}`, `./dist/react/messages/${file}.js`])
  expect(Object.fromEntries(entries)).toEqual(Object.fromEntries(expected))
})

it('is listed in the documentation, as it is read and by whom it was', () => {
  const page = readFileSync(new URL('../../stories/languages.mdx', import.meta.url), 'utf8')
  const rows = [
    ...page.matchAll(/^\| [\w ]+ \| `(\w+)` \| `kyc-upload-status\/messages\/([\w-]+)` \| (.+) \| (.+) \|$/gm),
  ]
  const expected = catalogues.map(({ file, names: [name], messages: { direction, review } }) => [
    name,
    file,
    direction === 'rtl' ? 'right to left' : 'left to right',
    review === 'native' ? 'yes' : 'not yet',
  ])
  expect(rows.map((row) => row.slice(1)).sort()).toEqual(expected.sort())
})

describe('completeMessages', () => {
  const complete = (...overrides: unknown[]) => completeMessages(...(overrides as KycMessageOverrides[]))

  it.each([
    [[]],
    [[undefined]],
    [[null, 'de', 5]],
    [[{}]],
    [[{ retry: undefined }]],
    [[{ retry: null, locale: 7 }]],
    [[{ added: 'Danke' }]],
    [[{ added: { title: undefined, description: {} } }]],
    [[{ upload: { submit: 'Los', label: null, cancel: ['Nein'] } }]],
    [[{ upload: undefined }]],
    [[{ heading: 'Danke', added: { heading: 'Danke' } }]],
    [[{ filesAdded: 'alle' }]],
    [[{ filesAdded: {} }]],
    [[{ filesAdded: { other: undefined } }]],
    [[{ filesAdded: { one: 1, other: 'alle' } }]],
  ])('falls back to English from what is no text: %j', (overrides) => {
    expect(complete(...overrides)).toEqual(en)
  })

  it('takes a whole catalogue as it is', () => {
    for (const { messages } of catalogues) expect(completeMessages(messages)).toEqual(messages)
  })

  it('takes one text at a time, and leaves the others', () => {
    const messages = completeMessages(de, { added: { title: 'Danke' }, upload: { cancel: 'Stopp' } })
    expect(messages).toEqual({
      ...de,
      added: { ...de.added, title: 'Danke' },
      upload: { ...de.upload, cancel: 'Stopp' },
    })
  })

  it('lets later ones win', () => {
    const { retry, added } = completeMessages({ retry: 'a', added: { title: 'a' } }, undefined, { retry: 'b' }, de, {
      retry: 'c',
    })
    expect({ retry, added }).toEqual({ retry: 'c', added: de.added })
  })

  it('takes a plural whole where it has a form for all the rest, and puts it to what is there where it has none', () => {
    expect(completeMessages({ filesFailed: { few: 'a', other: 'b' } }).filesFailed).toEqual({ few: 'a', other: 'b' })
    expect(complete({ filesFailed: { one: 'a' } }).filesFailed).toEqual({ ...en.filesFailed, one: 'a' })
  })

  it('makes texts that can be said, of a language that lacks a plural and of one that nobody knows', () => {
    for (const locale of ['pl', 'ar', NO_LOCALE]) {
      const { filesFailed }: KycMessages = completeMessages({ locale })
      expect(format(filesFailed, { count: 3 }, locale)).toMatch(/^\S+ files could not be added$/)
    }
  })
})

describe('format', () => {
  const sizes: KycPluralMessage = { one: 'one', two: 'two', few: 'few', many: 'many', zero: 'zero', other: 'other' }

  it.each([
    ['en', 1, 'one'],
    ['en', 2, 'other'],
    ['fr', 0, 'one'],
    ['fr', 1_000_000, 'many'],
    ['pl', 3, 'few'],
    ['pl', 5, 'many'],
    ['ar', 0, 'zero'],
    ['ar', 2, 'two'],
    ['ja', 1, 'other'],
    [NO_LOCALE, 1, 'one'],
  ])('takes the plural that the language has: %s %i %s', (locale, count, category) => {
    expect(format(sizes, { count }, locale)).toBe(category)
  })

  it('takes the form for all the rest where there is none for a number, or no number', () => {
    expect(format({ other: '{count}' }, { count: 1 }, 'en')).toBe('1')
    expect(format(sizes, {}, 'en')).toBe('other')
  })

  it('leaves what it does not know as it stands, and puts nothing into what was put in', () => {
    expect(format('{a} {b} {} {', { a: '{b}' }, 'en')).toBe('{b} {b} {} {')
  })

  it('writes numbers, times, sizes and choices as the language does', () => {
    expect(format('{count}', { count: 1_234_567 }, 'de')).toBe('1.234.567')
    expect(formatTime(AFTERNOON, 'de')).toBe('14:05')
    expect(formatTime(AFTERNOON, 'en')).toMatch(/^02:05\sPM$/)
    expect(formatSize(2_500_000, 'fr')).toMatch(/^2,5\sMo$/)
    expect(formatChoice(['JPEG', 'PNG', 'PDF'], 'de')).toBe('JPEG, PNG oder PDF')
  })

  it('writes them as English does where nobody knows the language', () => {
    expect(formatNumber(1234.5, NO_LOCALE)).toBe(formatNumber(1234.5, 'en'))
    expect(formatTime(AFTERNOON, NO_LOCALE)).toBe(formatTime(AFTERNOON, 'en'))
    expect(formatSize(1, NO_LOCALE)).toBe(formatSize(1, 'en'))
    expect(formatChoice(['a', 'b'], NO_LOCALE)).toBe(formatChoice(['a', 'b'], 'en'))
  })
})
