import type { KycTimelineMessageOverrides } from 'kyc-upload-status/timeline'

export const texts: KycTimelineMessageOverrides = {
  steps: { 'credit-check': { name: 'Credit check', in_review: 'We look at your credit history.' } },
  reasons: { income_missing: 'Please send your last payslip.' },
}
