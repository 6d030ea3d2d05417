import type { OnWebhook } from '../../relay/relay-options.ts'
import type { Playing } from './provider.ts'

/** How many webhooks the back end remembers. */
const REMEMBERED = 20

/** What the panel shows beside the page. */
interface Scene {
  playing: Playing
  /** What the back end has heard by `onWebhook`, the most recent first. */
  heard: readonly { number: number; frame: string; status: string; receivedAt: string }[]
}

export interface Backstage {
  /** Stands for the partner's own back end. */
  onWebhook: OnWebhook
  setPlaying(playing: Playing): void
  /** Forgets what was heard. */
  clear(): void
  /** Server-sent events: the whole scene now, and after each change. */
  watch(): Response
  /** Ends the streams of all who watch. */
  close(): void
}

/** Tells the panel what goes on behind the page. */
export function backstage(): Backstage {
  let scene: Scene = { playing: 'nothing', heard: [] }
  let heardInAll = 0
  const watchers = new Set<ReadableStreamDefaultController<Uint8Array>>()
  const encoder = new TextEncoder()
  const frame = () => encoder.encode(`data: ${JSON.stringify(scene)}\n\n`)
  const change = (changes: Partial<Scene>) => {
    scene = { ...scene, ...changes }
    for (const watcher of watchers) watcher.enqueue(frame())
  }

  return {
    onWebhook({ frame, status, receivedAt }) {
      const heard = { number: ++heardInAll, frame, status, receivedAt }
      change({ heard: [heard, ...scene.heard].slice(0, REMEMBERED) })
    },
    setPlaying: (playing) => change({ playing }),
    clear: () => change({ heard: [] }),
    watch() {
      let watcher: ReadableStreamDefaultController<Uint8Array>
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          watcher = controller
          watchers.add(controller)
          controller.enqueue(frame())
        },
        cancel: () => void watchers.delete(watcher),
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
    },
    close() {
      for (const watcher of watchers) watcher.close()
      watchers.clear()
    },
  }
}
