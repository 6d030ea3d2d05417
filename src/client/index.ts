export { InvalidOptionsError } from '../protocol/invalid-options.ts'
export type { StepEvent as KycStepEventBase, StepState as KycStepState } from '../protocol/step-state.ts'
export type { ChannelState } from './channel.ts'
export { createKycStatusClient, type KycStatusClient, type KycStatusClientOptions } from './client.ts'
export { KycStatusError, type KycStatusErrorCode } from './errors.ts'
export type { StepAttempt as KycStepAttempt, UploadAttempt as KycUploadAttempt } from './knowledge/attempt.ts'
export type { KycStepEvent } from './knowledge/received.ts'
export {
  type KnownStep as KycKnownStep,
  type KnownSteps as KycKnownSteps,
  type KycStep,
  stepOf as kycStepOf,
} from './knowledge/step.ts'
export {
  type KycTimeline,
  type OverallState as KycOverallState,
  type TimelineState as KycTimelineState,
  type TimelineStep as KycTimelineStep,
  timelineOf as kycTimelineOf,
} from './knowledge/timeline.ts'
export type {
  Doubt as KycDoubt,
  FileCounts,
  Known as KycFileStatusBase,
  KycFileStatus,
} from './knowledge/upload-state.ts'
export { type EventStreamItem, type EventStreamOptions, openEventStream } from './line/event-stream.ts'
export type { ConnectionState } from './line/line-state.ts'
export type { StreamMessage } from './line/parser.ts'
export type { PauseReason } from './line/pause.ts'
export type { PolicyOptions } from './line/policy.ts'
export type { Presence } from './line/presence.ts'
export type { RequestContext } from './line/request.ts'
export type { Callbacks as KycStatusCallbacks } from './news.ts'
export type { GetToken } from './token.ts'
