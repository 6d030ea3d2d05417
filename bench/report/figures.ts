/** What is measured of a server. */
export interface Figure {
  readonly key: FigureKey
  readonly title: string
  /** The title in a table of all. */
  readonly short: string
  readonly unit: string
  readonly better: 'lower' | 'higher'
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

export const FIGURES: readonly Figure[] = [
  { key: 'memoryPerStream', title: 'Memory of an idle stream', short: 'memory/stream', unit: 'KiB', better: 'lower' },
  { key: 'connectsPerSecond', title: 'Streams opened in a second', short: 'opened', unit: '/s', better: 'higher' },
  { key: 'frameP50', title: 'From webhook to frame, median', short: 'frame p50', unit: 'ms', better: 'lower' },
  { key: 'frameP99', title: 'From webhook to frame, p99', short: 'frame p99', unit: 'ms', better: 'lower' },
  { key: 'frameP999', title: 'From webhook to frame, p99.9', short: 'frame p99.9', unit: 'ms', better: 'lower' },
  {
    key: 'acknowledgementP99',
    title: 'From webhook to acknowledgement, p99',
    short: 'ack p99',
    unit: 'ms',
    better: 'lower',
  },
  {
    key: 'webhooksPerSecond',
    title: 'Webhooks acknowledged and delivered in a second',
    short: 'delivered',
    unit: '/s',
    better: 'higher',
  },
  {
    key: 'cpuPerWebhook',
    title: 'Processor time for a delivered webhook',
    short: 'CPU/webhook',
    unit: 'µs',
    better: 'lower',
  },
  { key: 'growth', title: "Memory that an hour's events add", short: 'hour adds', unit: 'MiB', better: 'lower' },
  {
    key: 'laterGrowth',
    title: "Memory that a second hour's events add",
    short: '2nd hour adds',
    unit: 'MiB',
    better: 'lower',
  },
  {
    key: 'returnSeconds',
    title: 'Until all streams are back after a restart',
    short: 'all back',
    unit: 's',
    better: 'lower',
  },
  {
    key: 'returnBurst',
    title: 'Largest burst of reconnects in 100 ms',
    short: 'burst',
    unit: '/100 ms',
    better: 'lower',
  },
]
