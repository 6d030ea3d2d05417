/** The texts that tell a person why their document was refused. */
export interface KycRefusalReason {
  /** Default: the title of any error. */
  title?: string
  /** What is wrong, and what to do about it. */
  description: string
  /** The same document will never be added, so "Try again" is not offered. Default `false`. */
  isFinal?: boolean
}

/** Finds the reason for a code; `null` for a code that is not listed, which then gets the texts of any error. */
export function findReason(
  code: string | undefined,
  reasons: Readonly<Record<string, KycRefusalReason>> = {},
): KycRefusalReason | null {
  return new Map<string | undefined, KycRefusalReason>(Object.entries(reasons)).get(code) ?? null
}
