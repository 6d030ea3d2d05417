/** What the contestants that are no relay have in common: where they listen, and how they speak of a webhook. */

export const PORT = Number(process.env.PORT)
export const HOST = '127.0.0.1'

export const STREAM_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' }

/** What a webhook says; it is taken as it is. */
export interface Webhook {
  externalUserId: string
  status: string
}

const EVENTS = '/events/'

/** The user in the path of a stream. */
export function userOf(path: string): string {
  return decodeURIComponent(path.slice(EVENTS.length))
}

let last = 0

/** The id of the next event. */
export function nextId(): string {
  return `${++last}`
}

/** One frame, the same for each of them that writes its own. */
export function frame(data: string): string {
  return `event: kyc-file\nid: ${nextId()}\ndata: ${data}\n\n`
}
