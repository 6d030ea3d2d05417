export type { Attempt } from '../client/attempt.ts'
export type { ConnectionState } from '../client/channel.ts'
export type { GetToken, KycStatusClient, KycStatusClientOptions } from '../client/client.ts'
export { KycStatusError, type KycStatusErrorCode } from '../client/errors.ts'
export type { FileCounts, KycFileStatus } from '../client/upload-state.ts'
export { InvalidOptionsError } from '../protocol/invalid-options.ts'
export { createKycStatusClient } from './client.ts'
export type {
  KycMessageOverrides,
  KycMessages,
  KycPluralMessage,
  KycStateMessages,
  KycUploadMessages,
} from './messages/messages.ts'
export { KycStatusProvider, type KycStatusProviderProps } from './provider.tsx'
export { kycFileStatusOptions, kycKeys } from './query.ts'
export { KycUpload, type KycUploadProps } from './upload/kyc-upload.tsx'
export { UploadError } from './upload/upload-error.ts'
export type { FileProblem, UploadFile, UploadPhase } from './upload/upload-files.ts'
export type { UploadFunction, UploadProgress } from './upload/upload-function.ts'
export { type KycUploadControls, type UseKycUploadOptions, useKycUpload } from './upload/use-kyc-upload.ts'
export { type XhrUploadOptions, xhrUpload } from './upload/xhr-upload.ts'
export { KycUploadStatus, type KycUploadStatusProps } from './upload-status/kyc-upload-status.tsx'
export type { KycPartOptions, KycPartProps } from './upload-status/part.tsx'
export type { KycRefusalReason } from './upload-status/reason.ts'
export type { KycUploadStatusView } from './upload-status/view.ts'
export { type UseKycFileStatusOptions, type UseKycFileStatusResult, useKycFileStatus } from './use-kyc-file-status.ts'
export {
  type UseSuspenseKycFileStatusOptions,
  type UseSuspenseKycFileStatusResult,
  useSuspenseKycFileStatus,
} from './use-suspense-kyc-file-status.ts'
