export type { ChannelState } from '../client/channel.ts'
export type { KycStatusClient, KycStatusClientOptions } from '../client/client.ts'
export { KycStatusError, type KycStatusErrorCode } from '../client/errors.ts'
export type { StepAttempt as KycStepAttempt, UploadAttempt as KycUploadAttempt } from '../client/knowledge/attempt.ts'
export type { KycStepEvent } from '../client/knowledge/received.ts'
export type { KnownStep as KycKnownStep, KnownSteps as KycKnownSteps, KycStep } from '../client/knowledge/step.ts'
export type {
  OverallState as KycOverallState,
  TimelineState as KycTimelineState,
} from '../client/knowledge/timeline.ts'
export type {
  Doubt as KycDoubt,
  FileCounts,
  Known as KycFileStatusBase,
  KycFileStatus,
} from '../client/knowledge/upload-state.ts'
export type { ConnectionState } from '../client/line/line-state.ts'
export type { PauseReason } from '../client/line/pause.ts'
export type { PolicyOptions } from '../client/line/policy.ts'
export type { Presence } from '../client/line/presence.ts'
export type { RequestContext } from '../client/line/request.ts'
export type { Callbacks as KycStatusCallbacks } from '../client/news.ts'
export type { GetToken } from '../client/token.ts'
export { InvalidOptionsError } from '../protocol/invalid-options.ts'
export type { StepEvent as KycStepEventBase, StepState as KycStepState } from '../protocol/step-state.ts'
export { createKycStatusClient } from './client.ts'
export type {
  KycMessageOverrides,
  KycMessages,
  KycPluralMessage,
  KycStateMessages,
  KycUploadMessages,
} from './messages/messages.ts'
export type {
  KycStepMessages,
  KycTimelineMessageOverrides,
  KycTimelineMessages,
} from './messages/timeline/messages.ts'
export type { KycPartElementProps, KycPartOptions, KycPartProps } from './parts/element.tsx'
export type { ShownLine as KycShownLine } from './parts/line.ts'
export { KycStatusProvider, type KycStatusProviderProps, useKycStatusClient } from './provider.tsx'
export {
  type FileStatusKey as KycFileStatusKey,
  type FileStatusOptions as KycFileStatusQueryOptions,
  kycFileStatusOptions,
  type LiveOptions as KycLiveQueryOptions,
} from './query.ts'
export { kycKeys } from './query-keys.ts'
export type { KycStepName } from './timeline/steps.ts'
export { KycUpload, type KycUploadProps } from './upload/kyc-upload.tsx'
export { UploadError } from './upload/upload-error.ts'
export type { FileProblem, KycUploadLimits, UploadFile, UploadPhase } from './upload/upload-files.ts'
export type { KycUploadErrorText } from './upload/upload-form.tsx'
export type { UploadContext, UploadFunction, UploadProgress } from './upload/upload-function.ts'
export { type KycUploadControls, type UseKycUploadOptions, useKycUpload } from './upload/use-kyc-upload.ts'
export { type XhrUpload, type XhrUploadOptions, xhrUpload } from './upload/xhr-upload.ts'
export type { KycUploadStatusAnnouncerProps } from './upload-status/announcer/announcer.tsx'
export { KycUploadStatus, type KycUploadStatusProps } from './upload-status/kyc-upload-status.tsx'
export type { KycRefusalReason } from './upload-status/reason.ts'
export type { KycUploadStatusRootProps } from './upload-status/root/root.tsx'
export type { KycUploadStatusOptions } from './upload-status/root/use-status-of.ts'
export type { KycUploadStatusTitleProps } from './upload-status/title/title.tsx'
export type { KycUploadStatusView } from './upload-status/view.ts'
export { type UseKycFileStatusOptions, type UseKycFileStatusResult, useKycFileStatus } from './use-kyc-file-status.ts'
export type { Extras as KycFileStatusExtras } from './use-live-file.ts'
export type { Controls as KycControls } from './use-live-query.ts'
export {
  type UseSuspenseKycFileStatusOptions,
  type UseSuspenseKycFileStatusResult,
  useSuspenseKycFileStatus,
} from './use-suspense-kyc-file-status.ts'
