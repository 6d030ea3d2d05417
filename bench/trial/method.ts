import type { Options } from './options.ts'

/** What is measured, and how, in paragraphs. */
export function describeMethod({ connections, repeats, rate, hour, pacedSeconds, closedSeconds }: Options): string[] {
  const n = (value: number) => value.toLocaleString('en-US')
  return [
    `Each server is a process of its own, ${repeats === 1 ? 'started for one trial' : `started anew for each of ${repeats} trials, in turns with the others`}; \
the driver is another one, on the same machine, over loopback, HTTP/1.1. One stream for each of ${n(connections)} users. A webhook is \
\`POST {externalUserId, status}\` over connections that are kept; its frame has to reach the one stream of its user. All get \
the same requests, with the same credentials. kyc-upload-status checks the webhook's token and the subscription token, \
validates, keeps the history of each user, resumes from it, sends heartbeats, bounds slow readers and counts for Prometheus. \
None of the others checks anybody, and none keeps anything but \
nchan, a user's last ten messages in memory. With SQLite and Redis an acknowledgement \
means that the event is on the disk.`,
    `**Memory of an idle stream**: resident memory with ${n(connections)} streams, less that before them, divided by their number; \
after a forced garbage collection where there is one. **Opened**: 64 at a time, until the headers are there, and for \
kyc-upload-status until its \`sync\` is. **An hour adds**: resident memory that ${n(hour)} webhooks add, at full speed, and what as many \
again add; V8's young generation, which grows under load and is not given back, is in the first part. **Webhook \
to frame, and to acknowledgement**: ${n(rate)} a second for ${pacedSeconds} s, whatever the server does, from the moment that the driver hands it to a \
connection or to the queue for one of 64. **Delivered**, and **processor time** by \`/proc\`: 64 under way at a time for \
${closedSeconds} s, each followed by the next when it is both acknowledged and on its stream. **Restart**: the server is killed and started \
again; all clients come back as kyc-upload-status' client does, with full jitter over 2 s that doubles with each failure, \
whatever \`retry:\` they were sent; until the last is open again, and the most that came within 100 ms.`,
    'A ratio is that of medians: to the bare server on the same runtime, its floor, and to nchan.',
  ]
}
