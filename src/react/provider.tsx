'use client'

import { QueryClient, QueryClientContext, QueryClientProvider } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useState } from 'react'
import type { KycStatusClient } from '../client/client.ts'
import { InvalidOptionsError } from '../protocol/invalid-options.ts'
import type { KycMessageOverrides } from './messages/messages.ts'

const KycStatusContext = createContext<KycStatusClient | null>(null)
const MessagesContext = createContext<KycMessageOverrides | undefined>(undefined)

export interface KycStatusProviderProps {
  /** Made once, outside of any component: `createKycStatusClient({ url, getToken })`. */
  client: KycStatusClient
  /** The language of the components: a catalogue from `kyc-upload-status/messages/<locale>`. Default: English. */
  messages?: KycMessageOverrides
  children?: ReactNode
}

/** Gives its children the client, and a query cache where the application has none of its own. */
export function KycStatusProvider({ client, messages, children }: KycStatusProviderProps): ReactNode {
  const queryClient = useContext(QueryClientContext)
  const provided = (
    <KycStatusContext.Provider value={client}>
      <MessagesContext.Provider value={messages}>{children}</MessagesContext.Provider>
    </KycStatusContext.Provider>
  )
  return queryClient ? provided : <OwnQueryClient>{provided}</OwnQueryClient>
}

function OwnQueryClient({ children }: { children: ReactNode }): ReactNode {
  const [queryClient] = useState(() => new QueryClient())
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
}

/**
 * The client of the `KycStatusProvider` above, for what no other hook does: `client.setFiles`, or `client.signOut` at log-out.
 *
 * @throws {InvalidOptionsError} without a `KycStatusProvider` above.
 */
export function useKycStatusClient(): KycStatusClient {
  return useClient('useKycStatusClient')
}

/**
 * The same for a component or a hook of this package.
 *
 * @param caller - its name, which begins the message of the error.
 */
export function useClient(caller: string): KycStatusClient {
  const client = useContext(KycStatusContext)
  if (!client) throw new InvalidOptionsError(`${caller}: expected a <KycStatusProvider client={…}> above`)
  return client
}

/** The texts that the provider gives, if it gives any. */
export function useProvidedMessages(): KycMessageOverrides | undefined {
  return useContext(MessagesContext)
}
