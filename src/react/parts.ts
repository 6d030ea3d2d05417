'use client'

// A React server component knows client code by its exports alone: `KycUploadStatus.Root` is `undefined` there.

export type { Doubt as KycDoubt, FileCounts } from '../client/knowledge/upload-state.ts'
export type {
  KycMessageOverrides,
  KycMessages,
  KycPluralMessage,
  KycStateMessages,
  KycUploadMessages,
} from './messages/messages.ts'
export type { KycPartElementProps, KycPartOptions, KycPartProps } from './parts/element.tsx'
export type { ShownLine as KycShownLine } from './parts/line.ts'
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
