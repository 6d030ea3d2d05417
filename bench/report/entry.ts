import type { FigureKey, Figures } from './figures.ts'
import { type Spread, spreadOf } from './spread.ts'

/** What one trial of a contestant came to. */
export interface Trial {
  figures: Figures
  /**
   * What the driver tells of itself, its share of a processor in the closed loop and how late it was, p99, in ms; and the
   * share of all processors that went to others than driver and server.
   */
  driver: { share?: number; lateness?: number; others?: number }
  /** Why it ended early. */
  failure: string | null
}

/** A contestant, and what its trials came to. */
export interface Entry {
  readonly id: string
  readonly name: string
  /** The id of the contestant that does as little as can be done on the same runtime. */
  readonly floor: string | null
  /** Of ours: what tells it from the others of ours. */
  readonly variant?: string
  readonly note?: string
  readonly trials: readonly Trial[]
}

export function spreadIn({ trials }: Entry, key: FigureKey): Spread | null {
  return spreadOf(trials.flatMap(({ figures }) => figures[key] ?? []))
}
