export type { ChannelState } from '../../client/channel.ts'
export type { KycStatusClient } from '../../client/client.ts'
export { KycStatusError, type KycStatusErrorCode } from '../../client/errors.ts'
export type {
  StepAttempt as KycStepAttempt,
  UploadAttempt as KycUploadAttempt,
} from '../../client/knowledge/attempt.ts'
export type { KycStepEvent } from '../../client/knowledge/received.ts'
export type { KnownStep as KycKnownStep, KnownSteps as KycKnownSteps, KycStep } from '../../client/knowledge/step.ts'
export type {
  KycTimeline as KycTimelineData,
  OverallState as KycOverallState,
  TimelineState as KycTimelineState,
  TimelineStep as KycTimelineStep,
} from '../../client/knowledge/timeline.ts'
export type {
  Doubt as KycDoubt,
  FileCounts,
  Known as KycFileStatusBase,
  KycFileStatus,
} from '../../client/knowledge/upload-state.ts'
export type { ConnectionState } from '../../client/line/line-state.ts'
export type { PauseReason } from '../../client/line/pause.ts'
export type { StepEvent as KycStepEventBase, StepState as KycStepState } from '../../protocol/step-state.ts'
export type {
  KycStepMessages,
  KycTimelineMessageOverrides,
  KycTimelineMessages,
} from '../messages/timeline/messages.ts'
export type { KycPartElementProps, KycPartOptions, KycPartProps } from '../parts/element.tsx'
export type { ShownLine as KycShownLine } from '../parts/line.ts'
export type { LiveOptions as KycLiveQueryOptions } from '../query.ts'
export type { KycUploadStatusView } from '../upload-status/view.ts'
export type { Controls as KycControls } from '../use-live-query.ts'
export type { KycStepAction } from './context.ts'
export { KycStepStatus, type KycStepStatusProps } from './kyc-step-status.tsx'
export { KycTimeline, type KycTimelineProps } from './kyc-timeline.tsx'
export { type KycStepKey, type KycTimelineKey, kycStepOptions, kycTimelineOptions } from './options.ts'
export type { KycStepPartProps, KycTimelinePartProps } from './part.ts'
export type { KycStepStatusOptions, KycStepStatusRootProps } from './parts/card-root.tsx'
export type { KycTimelineRootProps } from './parts/root.tsx'
export type { KycTimelineStepProps } from './parts/step.tsx'
export type { KycTimelineTitleProps } from './parts/title.tsx'
export { kycTimelineKeys } from './query-keys.ts'
export type { KycStepName } from './steps.ts'
export type { KycStepReasons } from './texts.ts'
export {
  type UseKycStepOptions,
  type UseKycStepResult,
  useKycStep,
  useKycVerificationStatus,
  usePoaStatus,
  useUserBalanceStatus,
} from './use-kyc-step.ts'
export {
  type KycTimelineControls,
  type UseKycTimelineOptions,
  type UseKycTimelineResult,
  useKycTimeline,
} from './use-kyc-timeline.ts'
export {
  type UseSuspenseKycStepOptions,
  type UseSuspenseKycStepResult,
  useSuspenseKycStep,
} from './use-suspense-kyc-step.ts'
export type { KycTimelineCommonOptions, KycTimelineOptions } from './use-timeline-of.ts'
export type { KycTimelineStepView, KycTimelineView } from './view.ts'
