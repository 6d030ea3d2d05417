export type { Attempt } from '../client/attempt.ts'
export type { ConnectionState } from '../client/channel.ts'
export type { GetToken, KycStatusClient, KycStatusClientOptions } from '../client/client.ts'
export { KycStatusError, type KycStatusErrorCode } from '../client/errors.ts'
export type { FileCounts, KycFileStatus } from '../client/upload-state.ts'
export { InvalidOptionsError } from '../protocol/invalid-options.ts'
export { createKycStatusClient } from './client.ts'
export type { MessageOverrides, Messages, PluralMessage, StateMessages, UploadMessages } from './messages/messages.ts'
export { KycStatusProvider, type KycStatusProviderProps } from './provider.tsx'
export { kycFileStatusOptions, kycKeys } from './query.ts'
export { KycUploadStatus, type KycUploadStatusProps } from './upload-status/kyc-upload-status.tsx'
export type { PartOptions, PartProps } from './upload-status/part.tsx'
export type { Reason } from './upload-status/reason.ts'
export type { View } from './upload-status/view.ts'
export { type UseKycFileStatusOptions, type UseKycFileStatusResult, useKycFileStatus } from './use-kyc-file-status.ts'
export {
  type UseSuspenseKycFileStatusOptions,
  type UseSuspenseKycFileStatusResult,
  useSuspenseKycFileStatus,
} from './use-suspense-kyc-file-status.ts'
