export { createMockRelay, type MockRelay } from './mock-relay.ts'
