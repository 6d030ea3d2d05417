import { useEffect, useState } from 'react'

/** What goes on behind the page. */
export interface Backstage {
  /** What the provider does by itself. */
  playing: 'nothing' | 'sends' | 'waits'
  /** What the bank's back end has heard, the most recent first. */
  heard: readonly { number: number; frame: string; status: string; receivedAt: string }[]
}

/** Follows what the demo's server tells of it. */
export function useBackstage(): Backstage {
  const [scene, setScene] = useState<Backstage>({ playing: 'nothing', heard: [] })
  useEffect(() => {
    const stream = new EventSource('/api/backstage')
    stream.onmessage = ({ data }) => setScene(JSON.parse(data))
    return () => stream.close()
  }, [])
  return scene
}
