'use client'

// A React server component knows client code by its exports alone: `KycUploadStatus.Root` is `undefined` there.

export type {
  OverallState as KycOverallStateName,
  TimelineState as KycTimelineStateName,
  TimelineStep as KycTimelineStepData,
} from '../client/knowledge/timeline.ts'
export type { Doubt as KycDoubt, FileCounts } from '../client/knowledge/upload-state.ts'
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
export type { KycStepAction } from './timeline/context.ts'
export type { KycStepPartProps, KycTimelinePartProps } from './timeline/part.ts'
export { Action as KycStepStatusAction, Action as KycTimelineAction } from './timeline/parts/action.tsx'
export { Announcer as KycStepStatusAnnouncer, Announcer as KycTimelineAnnouncer } from './timeline/parts/announcer.tsx'
export {
  CardRoot as KycStepStatusRoot,
  type KycStepStatusOptions,
  type KycStepStatusRootProps,
} from './timeline/parts/card-root.tsx'
export {
  CheckAgain as KycStepStatusCheckAgain,
  CheckAgain as KycTimelineCheckAgain,
} from './timeline/parts/check-again.tsx'
export {
  Connection as KycStepStatusConnection,
  Connection as KycTimelineConnection,
} from './timeline/parts/connection.tsx'
export { Contact as KycStepStatusContact, Contact as KycTimelineContact } from './timeline/parts/contact.tsx'
export { Detail as KycStepStatusDetail, Detail as KycTimelineDetail } from './timeline/parts/detail.tsx'
export { Icon as KycStepStatusIcon, Icon as KycTimelineIcon } from './timeline/parts/icon.tsx'
export { Name as KycTimelineName } from './timeline/parts/name.tsx'
export { Overall as KycTimelineOverall } from './timeline/parts/overall.tsx'
export { type KycTimelineRootProps, Root as KycTimelineRoot } from './timeline/parts/root.tsx'
export { State as KycStepStatusState, State as KycTimelineState } from './timeline/parts/state.tsx'
export { type KycTimelineStepProps, Step as KycTimelineStep } from './timeline/parts/step.tsx'
export { Steps as KycTimelineSteps } from './timeline/parts/steps.tsx'
export { Time as KycStepStatusTime, Time as KycTimelineTime } from './timeline/parts/time.tsx'
export {
  type KycTimelineTitleProps,
  Title as KycStepStatusTitle,
  Title as KycTimelineTitle,
} from './timeline/parts/title.tsx'
export type { KycStepName } from './timeline/steps.ts'
export type { KycStepReasons } from './timeline/texts.ts'
export type { KycTimelineCommonOptions, KycTimelineOptions } from './timeline/use-timeline-of.ts'
export type { KycTimelineStepView, KycTimelineView } from './timeline/view.ts'
export { Actions as KycUploadStatusActions } from './upload-status/actions/actions.tsx'
export {
  Announcer as KycUploadStatusAnnouncer,
  type KycUploadStatusAnnouncerProps,
} from './upload-status/announcer/announcer.tsx'
export { CheckAgain as KycUploadStatusCheckAgain } from './upload-status/check-again/check-again.tsx'
export { Connection as KycUploadStatusConnection } from './upload-status/connection/connection.tsx'
export { Description as KycUploadStatusDescription } from './upload-status/description/description.tsx'
export { Doubt as KycUploadStatusDoubt } from './upload-status/doubt/doubt.tsx'
export { Icon as KycUploadStatusIcon } from './upload-status/icon/icon.tsx'
export { Meta as KycUploadStatusMeta } from './upload-status/meta/meta.tsx'
export { Progress as KycUploadStatusProgress } from './upload-status/progress/progress.tsx'
export type { KycRefusalReason } from './upload-status/reason.ts'
export { Retry as KycUploadStatusRetry } from './upload-status/retry/retry.tsx'
export { type KycUploadStatusRootProps, Root as KycUploadStatusRoot } from './upload-status/root/root.tsx'
export type { KycUploadStatusOptions } from './upload-status/root/use-status-of.ts'
export { Steps as KycUploadStatusSteps } from './upload-status/steps/steps.tsx'
export {
  type KycUploadStatusTitleProps,
  Title as KycUploadStatusTitle,
} from './upload-status/title/title.tsx'
export type { KycUploadStatusView } from './upload-status/view.ts'
