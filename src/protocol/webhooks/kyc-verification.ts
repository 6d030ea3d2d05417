import type { Sibling } from './sibling.ts'

/**
 * The webhook *KYC Verification Status*. Neither its path nor its words are known: these are the ones that such providers use,
 * and each can be replaced.
 */
export const kycVerification: Sibling = {
  frame: 'kyc-verification',
  path: null,
  states: {
    APPROVED: 'approved',
    PENDING: 'in_review',
    WAITING: 'in_review',
    REVIEWING: 'in_review',
    // A suspicion is no verdict, and reads as a review.
    SUSPECTED: 'in_review',
    QUESTIONED: 'action_needed',
    REJECTED: 'declined',
    DENIED: 'declined',
    EXPIRED: 'expired',
    ABANDONED: 'expired',
  },
}
