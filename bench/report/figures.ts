/** What is measured of a server. */
export interface Figure {
  readonly key: FigureKey
  readonly title: string
  /** The title in a table of all. */
  readonly short: string
  readonly unit: string
  readonly better: 'lower' | 'higher'
  /** Why ours is worse than a server that does less, where it is. */
  readonly why: string
}

export type FigureKey =
  | 'memoryPerStream'
  | 'connectsPerSecond'
  | 'frameP50'
  | 'frameP99'
  | 'frameP999'
  | 'acknowledgementP99'
  | 'webhooksPerSecond'
  | 'cpuPerWebhook'
  | 'growth'
  | 'laterGrowth'
  | 'returnSeconds'
  | 'returnBurst'

export type Figures = Partial<Record<FigureKey, number>>

const GRANT =
  'Before a stream counts as open, its token is verified, a signature like any other, and what its reader has missed is read and sent.'
const STORE =
  'It checks a webhook, validates it and stores it before anybody is told; with SQLite and Redis it is on the disk by then.'
const WORK =
  'It checks, validates, keeps and counts what the others pass on as it comes; nchan does that in C, and looks at nothing.'
const HISTORY = 'It keeps the latest events of each user for a day, 33 at most, and a bare server none.'

export const FIGURES: readonly Figure[] = [
  {
    key: 'memoryPerStream',
    title: 'Memory of an idle stream',
    short: 'memory/stream',
    unit: 'KiB',
    better: 'lower',
    why: "Beside its connection a stream has a user, a deadline, a heartbeat and a bound for what is unread; on Node.js most of the difference is V8's young generation, which grows with the work of granting them and is not given back.",
  },
  {
    key: 'connectsPerSecond',
    title: 'Streams opened in a second',
    short: 'opened',
    unit: '/s',
    better: 'higher',
    why: GRANT,
  },
  {
    key: 'frameP50',
    title: 'From webhook to frame, median',
    short: 'frame p50',
    unit: 'ms',
    better: 'lower',
    why: STORE,
  },
  { key: 'frameP99', title: 'From webhook to frame, p99', short: 'frame p99', unit: 'ms', better: 'lower', why: STORE },
  {
    key: 'frameP999',
    title: 'From webhook to frame, p99.9',
    short: 'frame p99.9',
    unit: 'ms',
    better: 'lower',
    why: STORE,
  },
  {
    key: 'acknowledgementP99',
    title: 'From webhook to acknowledgement, p99',
    short: 'ack p99',
    unit: 'ms',
    better: 'lower',
    why: STORE,
  },
  {
    key: 'webhooksPerSecond',
    title: 'Webhooks acknowledged and delivered in a second',
    short: 'delivered',
    unit: '/s',
    better: 'higher',
    why: WORK,
  },
  {
    key: 'cpuPerWebhook',
    title: 'Processor time for a delivered webhook',
    short: 'CPU/webhook',
    unit: 'µs',
    better: 'lower',
    why: WORK,
  },
  {
    key: 'growth',
    title: "Memory that an hour's events add",
    short: 'hour adds',
    unit: 'MiB',
    better: 'lower',
    why: HISTORY,
  },
  {
    key: 'laterGrowth',
    title: "Memory that a second hour's events add",
    short: '2nd hour adds',
    unit: 'MiB',
    better: 'lower',
    why: HISTORY,
  },
  {
    key: 'returnSeconds',
    title: 'Until all streams are back after a restart',
    short: 'all back',
    unit: 's',
    better: 'lower',
    why: GRANT,
  },
  {
    key: 'returnBurst',
    title: 'Largest burst of reconnects in 100 ms',
    short: 'burst',
    unit: '/100 ms',
    better: 'lower',
    why: 'When they come is up to the clients, and to chance.',
  },
]
