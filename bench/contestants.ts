/** What a page imports in order to hear of an outcome. */
export interface Contestant {
  readonly name: string
  /** Whose version is told; without one it is this package. */
  readonly from?: string
  readonly code: string
}

/** A hook with all that it runs on. */
export const HOOKS: readonly Contestant[] = [
  {
    name: 'hook',
    code: "export { createKycStatusClient, KycStatusProvider, useKycFileStatus } from '../dist/react/index.js'",
  },
  {
    name: 'hook and component',
    code: "export { createKycStatusClient, KycStatusProvider, KycUploadStatus, useKycFileStatus } from '../dist/react/index.js'",
  },
  {
    name: 'tRPC, `useSubscription` with `httpSubscriptionLink`',
    from: '@trpc/client',
    code: `export { createTRPCClient, httpSubscriptionLink } from '@trpc/client'
           export { createTRPCOptionsProxy, useSubscription } from '@trpc/tanstack-react-query'`,
  },
  {
    name: 'Inngest, `useRealtime`',
    from: 'inngest',
    code: "export { useRealtime } from 'inngest/react'",
  },
  {
    name: 'Trigger.dev, `useRealtimeRun`',
    from: '@trigger.dev/react-hooks',
    code: "export { useRealtimeRun } from '@trigger.dev/react-hooks'",
  },
  {
    name: 'Upstash Realtime, `useRealtime`',
    from: '@upstash/realtime',
    code: "export { createRealtime, RealtimeProvider } from '@upstash/realtime/client'",
  },
  {
    name: 'UploadThing, `useUploadThing`',
    from: '@uploadthing/react',
    code: "export { generateReactHelpers } from '@uploadthing/react'",
  },
]

/** What runs without React. */
export const CLIENTS: readonly Contestant[] = [
  { name: 'client', code: "export { createKycStatusClient } from '../dist/client/index.js'" },
  { name: '`openEventStream` alone', code: "export { openEventStream } from '../dist/client/index.js'" },
  {
    name: 'fetch-event-source',
    from: '@microsoft/fetch-event-source',
    code: "export { fetchEventSource } from '@microsoft/fetch-event-source'",
  },
  { name: 'eventsource', from: 'eventsource', code: "export { EventSource } from 'eventsource'" },
]
