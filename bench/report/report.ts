import { type Entry, spreadIn } from './entry.ts'
import { FIGURES, type Figure } from './figures.ts'
import { markdownTable } from './markdown-table.ts'
import { inDigits, listed, ratio } from './numbers.ts'
import { spreadOf } from './spread.ts'
import { whereOursIsWorse } from './worse.ts'

/** What was measured, with what, and how it can be done again. */
export interface Run {
  date: string
  command: string
  /** Lines about the machine and the versions. */
  machine: readonly string[]
  /** Lines about what is measured, and how. */
  method: readonly string[]
  entries: readonly Entry[]
  /** Contestants that could not run here, and why. */
  skipped: readonly string[]
}

/** From this share of a processor on, it may be the driver that was measured. */
const DRIVER_BOUND = 0.9
/** The share of all processors from which on others are in the figures. */
const DISTURBED = 0.1
const NOTHING = '–'

/** The text of RESULTS.md. */
export function report(run: Run): string {
  const sections = FIGURES.map((figure) => section(figure, run.entries))
  return `# Results

Measured on ${run.date} by \`${run.command}\`. All of it is written by that command.

${bullets(run.machine)}

${run.method.join('\n\n')}

## Side by side

${overview(run.entries)}

${bullets(remarks(run))}

${sections.join('\n\n')}
`
}

/** The medians of all. */
export function overview(entries: readonly Entry[]): string {
  const head = ['', ...FIGURES.map(({ short, unit }) => `${short}, ${unit}`)]
  const rows = entries.map((entry) => [
    nameOf(entry),
    ...FIGURES.map(({ key }) => {
      const spread = spreadIn(entry, key)
      return spread ? inDigits(spread.median) : NOTHING
    }),
  ])
  return markdownTable(head, rows)
}

/** What has to be known beside the figures. */
export function remarks({ entries, skipped }: Pick<Run, 'entries' | 'skipped'>): string[] {
  const all = entries.flatMap(({ trials }) => trials.map(({ driver }) => driver))
  const lateness = all.flatMap((driver) => driver.lateness ?? [])
  const others = spreadOf(all.flatMap((driver) => driver.others ?? []))
  const isDisturbed = ({ trials }: Entry) => trials.some(({ driver }) => (driver.others ?? 0) > DISTURBED)
  const disturbed = listed(entries.filter(isDisturbed).map(({ name }) => name))
  const bound = entries.filter(({ trials }) => trials.some(({ driver }) => (driver.share ?? 0) > DRIVER_BOUND))
  return [
    ...entries.flatMap(({ name, note }) => (note ? [`${name}: ${note}`] : [])),
    ...entries.flatMap(({ name, trials }) =>
      trials.flatMap(({ failure }, i) => (failure ? [`${name}: trial ${i + 1} ended early: ${oneLine(failure)}`] : [])),
    ),
    ...skipped,
    ...bound.map(({ name }) => `${name}: the driver was busy all the time, so it may deliver more than is told here.`),
    ...(lateness.length > 0
      ? [`At its pace the driver was behind by ${inDigits(Math.max(...lateness))} ms at most (p99 of a trial).`]
      : []),
    ...(others
      ? [`Other processes took ${percent(others.median)} of the processors meanwhile, ${percent(others.max)} at most.`]
      : []),
    ...(disturbed
      ? [`They took more than ${percent(DISTURBED)} in a trial of ${disturbed}, whose figures suffer from it.`]
      : []),
  ]
}

/** One figure of all, with its spread and as a ratio. */
function section(figure: Figure, entries: readonly Entry[]): string {
  const nchan = entries.find(({ id }) => id === 'nchan')
  const medianOf = (entry: Entry | undefined) => (entry ? spreadIn(entry, figure.key)?.median : undefined)
  const times = (own: number, reference: Entry | undefined) => {
    const other = medianOf(reference)
    const value = other === undefined ? null : ratio(own, other)
    return value === null ? NOTHING : `${value.toFixed(2)} ×`
  }
  const rows = entries.map((entry) => {
    const spread = spreadIn(entry, figure.key)
    if (!spread) return [nameOf(entry), NOTHING, NOTHING, NOTHING, NOTHING, ...(nchan ? [NOTHING] : [])]
    const floor = entries.find(({ id }) => id === entry.floor)
    return [
      nameOf(entry),
      ...[spread.median, spread.min, spread.max].map(inDigits),
      times(spread.median, floor),
      ...(nchan ? [entry === nchan ? NOTHING : times(spread.median, nchan)] : []),
    ]
  })
  const head = [`${figure.unit}, ${figure.better} is better`, 'median', 'min', 'max', 'of its floor']
  const table = markdownTable(nchan ? [...head, 'of nchan'] : head, rows)
  return [`## ${figure.title}`, table, whereOursIsWorse(figure, entries)].filter(Boolean).join('\n\n')
}

const nameOf = ({ name, variant }: Entry) => (variant ? `**${name}**` : name)
const percent = (share: number) => `${Math.round(share * 100)} %`
const bullets = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n')
const oneLine = (text: string) => text.replace(/\s+/g, ' ').replaceAll('|', '/')
