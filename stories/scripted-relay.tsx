import type { Decorator } from '@storybook/react-vite'
import { type ReactNode, useContext, useEffect, useState } from 'react'
import { createKycStatusClient, type KycStatusClient, KycStatusProvider } from '../src/react/index.ts'
import { createMockRelay, type MockRelay } from '../src/testing/index.ts'
import { ToolbarMessages } from './languages.ts'

export const USER = 'bca65c48-df49-4831-a7b2-de7903321581'

/** What happens while a story is shown. `play` functions go on from there with the same relay. */
export interface Script {
  relay: MockRelay
  client: KycStatusClient
  /** Does something after so many milliseconds, unless the story is gone by then. */
  after(ms: number, action: () => void): void
}

interface ScriptedRelayProps {
  script?: ((script: Script) => void) | undefined
  /** Goes between client and relay, to see what they say. */
  tap?: (relay: typeof fetch) => typeof fetch
  children: ReactNode
}

/** Gives a story a relay of its own, in memory, and the language of the toolbar, and runs its script. */
export function ScriptedRelay({ script, tap = (fetch) => fetch, children }: ScriptedRelayProps): ReactNode {
  const messages = useContext(ToolbarMessages)
  const [{ relay, client }] = useState(() => {
    // What an earlier visit was waiting for is of no interest here.
    sessionStorage.clear()
    // A story may be open for long.
    const mock = createMockRelay({ heartbeat: 3600 })
    const fetch = tap(mock.fetch)
    return { relay: mock, client: createKycStatusClient({ url: mock.url, fetch, getToken: () => 'token' }) }
  })
  useEffect(() => {
    const timers: ReturnType<typeof setTimeout>[] = []
    script?.({ relay, client, after: (ms, action) => void timers.push(setTimeout(action, ms)) })
    return () => timers.forEach(clearTimeout)
  }, [relay, client, script])
  return (
    <KycStatusProvider client={client} messages={messages}>
      {children}
    </KycStatusProvider>
  )
}

/** Runs a story on the script in its parameters. */
export const onScriptedRelay: Decorator = (Story, { parameters }) => (
  <ScriptedRelay script={parameters.script as ScriptedRelayProps['script']}>
    <Story />
  </ScriptedRelay>
)
