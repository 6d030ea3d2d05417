export { InvalidOptionsError } from '../protocol/invalid-options.ts'
export type { KycFileEvent } from '../protocol/webhooks/kyc-file.ts'
export { createMockRelay, type MockRelay, type ReceivedRequest, type Responder } from './mock-relay.ts'
export type { MockRelayOptions } from './options.ts'
