/** All that the model knows of the package: what an application imports. */
export type { KycUploadAttempt } from '../../src/client/index.ts'
export {
  createKycStatusClient,
  type KycStatusClient,
  type KycStep,
  kycStepOf,
} from '../../src/client/index.ts'
export {
  type KycFileStatus,
  KycStatusProvider,
  kycKeys,
  useKycFileStatus,
} from '../../src/react/index.ts'
