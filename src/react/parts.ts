'use client'

// A React server component knows client code by its exports alone: `KycUploadStatus.Root` is `undefined` there.
export { Actions as KycUploadStatusActions } from './upload-status/actions/actions.tsx'
export {
  Announcer as KycUploadStatusAnnouncer,
  type AnnouncerProps as KycUploadStatusAnnouncerProps,
} from './upload-status/announcer/announcer.tsx'
export { CheckAgain as KycUploadStatusCheckAgain } from './upload-status/check-again/check-again.tsx'
export { Connection as KycUploadStatusConnection } from './upload-status/connection/connection.tsx'
export { Description as KycUploadStatusDescription } from './upload-status/description/description.tsx'
export { Icon as KycUploadStatusIcon } from './upload-status/icon/icon.tsx'
export { Meta as KycUploadStatusMeta } from './upload-status/meta/meta.tsx'
export { Progress as KycUploadStatusProgress } from './upload-status/progress/progress.tsx'
export { Retry as KycUploadStatusRetry } from './upload-status/retry/retry.tsx'
export { Root as KycUploadStatusRoot, type RootProps as KycUploadStatusRootProps } from './upload-status/root/root.tsx'
export { Steps as KycUploadStatusSteps } from './upload-status/steps/steps.tsx'
export {
  Title as KycUploadStatusTitle,
  type TitleProps as KycUploadStatusTitleProps,
} from './upload-status/title/title.tsx'
