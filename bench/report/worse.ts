import { type Entry, spreadIn } from './entry.ts'
import type { Figure } from './figures.ts'
import { inDigits, listed, ratio } from './numbers.ts'
import { overlap, type Spread } from './spread.ts'

/** Says where ours is worse than a floor or than nchan, by how much and why; empty where it is not. */
export function whereOursIsWorse(figure: Figure, entries: readonly Entry[]): string {
  const references = entries.filter(({ variant, floor }) => variant === undefined && floor === null)
  const sentences = references.flatMap((reference) => sentence(figure, reference, entries))
  return sentences.length > 0 ? [...sentences, figure.why].join(' ') : ''
}

function sentence(figure: Figure, reference: Entry, entries: readonly Entry[]): string[] {
  const theirs = spreadIn(reference, figure.key)
  if (!theirs) return []
  const worse = entries.flatMap((entry) => {
    const own = spreadIn(entry, figure.key)
    const isCompared = entry.variant !== undefined && (entry.floor === reference.id || reference.id === 'nchan')
    return isCompared && own && isWorse(figure, own, theirs)
      ? [`${entry.variant} (${byHowMuch(figure, own, theirs)})`]
      : []
  })
  return worse.length > 0 ? [`With ${listed(worse)} kyc-upload-status does worse than ${reference.name}.`] : []
}

function isWorse({ better }: Figure, own: Spread, theirs: Spread): boolean {
  return better === 'lower' ? own.median > theirs.median : own.median < theirs.median
}

function byHowMuch({ unit }: Figure, own: Spread, theirs: Spread): string {
  const times = ratio(own.median, theirs.median)
  const amount =
    times === null ? `${inDigits(own.median)} ${unit}, not ${inDigits(theirs.median)}` : `${times.toFixed(2)} ×`
  return overlap(own, theirs) ? `${amount}, which is within the spread` : amount
}
