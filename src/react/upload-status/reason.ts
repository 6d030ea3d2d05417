/** Why a document was refused, in the words that its owner reads. */
export interface KycRefusalReason {
  /** Default: that of any error. */
  title?: string
  /** What is wrong, and what to do about it. */
  description: string
  /** The same document will never be added, so "Try again" is not offered. Default `false`. */
  isFinal?: boolean
}

/** What an application knows of a code. A code that it does not know is like none: the texts of any error stand. */
export function findReason(
  code: string | undefined,
  reasons: Readonly<Record<string, KycRefusalReason>> = {},
): KycRefusalReason | null {
  return new Map<string | undefined, KycRefusalReason>(Object.entries(reasons)).get(code) ?? null
}
