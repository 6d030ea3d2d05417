import type { Sibling } from './sibling.ts'

/** The webhook *POA Verification Status*: where a proof of address stands. The provider's public text names its words, and no path. */
export const poa: Sibling = {
  frame: 'poa',
  path: null,
  states: {
    WAITING: 'in_review',
    APPROVED: 'approved',
    // A clearer picture of the same document is asked for.
    QUESTIONED: 'action_needed',
    // This document is out: invalid, expired or forged. Another one is asked for.
    REJECTED: 'action_needed',
  },
  reasons: { QUESTIONED: 'unclear', REJECTED: 'other_document' },
}
