/** A step of onboarding, by the frame of its webhook: one of the Partner API's, or one of your own. */
export type KycStepName = 'kyc-file' | 'poa' | 'kyc-verification' | 'user-balance' | (string & {})

/** A rule for options: `null`, or what is wrong with the name of a step. */
export function stepName(step: unknown): string | null {
  return typeof step === 'string' && step !== '' ? null : 'expected the frame of a webhook: "poa"'
}

/** The same for several. */
export function stepNames(steps: unknown): string | null {
  const isList = Array.isArray(steps) && steps.length > 0 && steps.every((step) => stepName(step) === null)
  return isList && new Set(steps).size === steps.length ? null : 'expected the frames of webhooks, each once: ["poa"]'
}
