import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import type { KycTimelineMessageOverrides } from '../../../src/react/index.ts'
import { formatDate } from '../../../src/react/messages/format.ts'
import { completeTimelineMessages } from '../../../src/react/messages/timeline/complete.ts'
import { de } from '../../../src/react/messages/timeline/de.ts'
import { en } from '../../../src/react/messages/timeline/en.ts'
import { catalogues, textsOf } from './catalogues.ts'

/** What would promise more than that a step is complete, by the stems of the words. The name of a step is no promise. */
const PROMISES: Record<string, RegExp> = {
  ar: /موافق|اعتماد|معتمد|مقبول|قبول|نجاح|ناجح/,
  de: /bestätig|genehmig|akzeptier|angenommen|erfolg|gültig|freigegeben/i,
  en: /approv|success|accept|verified|valid|passed/i,
  es: /aprob|acept|verificad|válid|éxito|correctamente/i,
  fr: /approuv|accept|vérifié|valid|succès|réussi/i,
  it: /approv|accett|verificat|valid|successo|superat/i,
  ja: /承認|認証|審査|成功|合格/,
  nl: /goedgekeurd|geaccepteerd|geslaagd|succes|geldig|geverifieerd/i,
  pl: /zatwierdz|zaakcept|zweryfikowan|sukces|pomyśln|ważn/i,
  'pt-BR': /aprov|aceit|verificad|válid|sucesso/i,
  tr: /onay|kabul|başarı|geçerli|doğrulandı/i,
  'zh-CN': /批准|通过|成功|有效|合格|审批/,
}
/** What nobody is told: that somebody suspects them. */
const SUSPECTS =
  /fraud|suspe|suspic|verdacht|betrug|betrüg|fraude|soup[çc]on|frode|sospett|fraud|verdenking|oszust|podejrz|suspeit|şüphe|dolandır|不正|疑|欺诈|可疑|احتيال|اشتباه/i

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort()
const isSentence = (text: string) => /[.。]$/.test(text)
const fullStop = (locale: string) => (/^(ja|zh)/.test(locale) ? '。' : '.')

describe.each(catalogues)('$file', ({ file, names, messages }) => {
  const { locale, direction } = messages
  const texts = textsOf(messages)
  const english = textsOf(en)

  it('is one catalogue, and named after its language', () => {
    expect(names).toEqual([file.replace('-', '')])
    expect(locale).toBe(file)
    expect(Intl.DateTimeFormat.supportedLocalesOf(locale)).toEqual([locale])
    expect(direction).toBe(locale === 'ar' ? 'rtl' : 'ltr')
  })

  it('has the texts that English has, and no other', () => {
    expect([...texts.keys()]).toEqual([...english.keys()])
  })

  it('has in each text what is put into it in English, and is a sentence where English is one', () => {
    for (const [path, text] of texts) {
      const inEnglish = english.get(path) ?? ''
      expect(placeholders(text), path).toEqual(placeholders(inEnglish))
      expect(text.trim(), path).toBe(text)
      expect(text, path).not.toBe('')
      expect(isSentence(text), `${path}: ${text}`).toBe(isSentence(inEnglish))
      if (isSentence(text)) expect(text.at(-1), path).toBe(fullStop(locale))
    }
  })

  it('has no English left over', () => {
    if (locale === 'en') return
    for (const [path, text] of texts) {
      if (/\w{4}/.test(text) && !/^\{/.test(text)) expect(text, path).not.toBe(english.get(path))
    }
  })

  it('says something else in each state', () => {
    expect(new Set(Object.values(messages.states)).size).toBe(Object.keys(messages.states).length)
    expect(new Set(Object.values(messages.overall)).size).toBe(Object.keys(messages.overall).length)
  })

  it('promises nothing: a step is complete, nobody is approved', () => {
    const done = [...texts].filter(([path]) => path.endsWith('done'))
    expect(done).toHaveLength(6)
    for (const [path, text] of done) expect(text, path).not.toMatch(PROMISES[locale] ?? /$/)
  })

  it('lets nobody read a suspicion', () => {
    for (const [path, text] of texts) expect(text, path).not.toMatch(SUSPECTS)
  })

  it('is short where there is little room', () => {
    for (const state of Object.values(messages.states)) expect(state.length, state).toBeLessThanOrEqual(24)
    for (const { name } of Object.values(messages.steps)) expect(name.length, name).toBeLessThanOrEqual(26)
    expect(messages.checkAgain.length).toBeLessThanOrEqual(16)
    for (const [path, text] of texts) expect(text.length, path).toBeLessThanOrEqual(140)
  })

  it('writes dates as its language does', () => {
    expect(formatDate('2026-01-15T14:05:00.000Z', locale, 'UTC')).toMatch(/2026|٢٠٢٦/)
  })
})

it('blames nobody and begs nobody in English', () => {
  for (const [path, text] of textsOf(en))
    expect(text, path).not.toMatch(
      /\b(please|sorry|oops|(in)?valid|forbidden|illegal|failed|wrong|you (must|forgot))\b/i,
    )
})

it('is exported, each catalogue as an entry point of its own, and nothing else with them', () => {
  const entries = Object.entries(manifest.exports).filter(([path]) => path.startsWith('./messages/timeline/'))
  const expected = catalogues.map(({ file }) => [
    `./messages/timeline/${file}`,
    `./dist/react/messages/timeline/${file}.js`,
  ])
  expect(Object.fromEntries(entries)).toEqual(Object.fromEntries(expected))
})

it('is there for each language that the other components speak', () => {
  const page = readFileSync(new URL('../../../stories/languages.mdx', import.meta.url), 'utf8')
  const others = [...page.matchAll(/\| `kyc-upload-status\/messages\/([\w-]+)` \|/g)].map(([, file]) => file)
  expect(catalogues.map(({ file }) => file).sort()).toEqual(others.sort())
})

describe('completeTimelineMessages', () => {
  const complete = (...overrides: unknown[]) =>
    completeTimelineMessages(...(overrides as KycTimelineMessageOverrides[]))

  it.each([
    [[]],
    [[undefined]],
    [[null, 'de', 5]],
    [[{}]],
    [[{ title: undefined, locale: 7 }]],
    [[{ states: 'gut' }]],
    [[{ states: { done: null, todo: {} } }]],
    [[{ steps: undefined, reasons: 5 }]],
    [[{ steps: { poa: 'Adresse', 'kyc-file': { name: 3, done: null } } }]],
    [[{ heading: 5 }]],
  ])('falls back to English from what is no text: %j', (overrides) => {
    expect(complete(...overrides)).toEqual(en)
  })

  it('takes a whole catalogue as it is', () => {
    for (const { messages } of catalogues) expect(completeTimelineMessages(messages)).toEqual(messages)
  })

  it('takes one text at a time, leaves the others, and lets later ones win', () => {
    const messages = completeTimelineMessages({ title: 'a' }, de, {
      title: 'b',
      steps: { poa: { name: 'Meldezettel' } },
    })
    expect(messages).toEqual({
      ...de,
      title: 'b',
      steps: { ...de.steps, poa: { ...de.steps.poa, name: 'Meldezettel' } },
    })
  })

  it('takes the texts of steps and reasons that only the application knows, and keeps the rest', () => {
    const { steps, reasons } = completeTimelineMessages({
      steps: { credit: { name: 'Credit check' } },
      reasons: { glare: 'Turn the flash off.' },
    })
    expect(steps).toEqual({ ...en.steps, credit: { name: 'Credit check' } })
    expect(reasons).toEqual({ ...en.reasons, glare: 'Turn the flash off.' })
  })
})

describe('formatDate', () => {
  it('is the day and the time, by the clock of the zone', () => {
    expect(formatDate('2026-01-15T23:30:00.000Z', 'de', 'UTC')).toBe('15.01.2026, 23:30')
    expect(formatDate('2026-01-15T23:30:00.000Z', 'de', 'Asia/Tokyo')).toBe('16.01.2026, 08:30')
  })

  it('is nothing for what is no time, and English where nobody knows the language', () => {
    expect(formatDate('yesterday', 'en')).toBeNull()
    expect(formatDate('2026-01-15T12:00:00Z', 'xx-invalid-locale!!', 'UTC')).toMatch(/^Jan 15, 2026/)
  })
})
