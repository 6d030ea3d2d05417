import type { ChannelState, KycStatusClient } from '../../../src/client/index.ts'

/** A client that knows one thing, for ever: it opens no connection, and nothing happens by itself. */
export function fixedClient(state: ChannelState): KycStatusClient {
  return {
    url: '/kyc',
    getState: () => state,
    subscribe: () => () => {},
    ready: async () => {
      if (state.error) throw state.error
      return state.status ? state : new Promise(() => {})
    },
    beginUpload: async () => {
      throw new Error('a fixed client begins no upload')
    },
    setFiles: () => {},
    clear: () => {},
    setSending: () => {},
    reconnect: () => {},
    signOut: () => {},
    close: () => {},
  }
}
