import type { OpenMark } from './event-stream.ts'

/** What the driver does when it is told to. Both sides of its channel speak by this. */
export interface Load {
  /** Makes users and their tokens. */
  prepare(target: Target): Promise<void>
  /** Opens streams and delivers webhooks to them, and closes them: nothing of a server is cold then. */
  warmUp(size: { streams: number; webhooks: number }): Promise<void>
  open(options: { width: number }): Promise<{ perSecond: number }>
  /** Delivers so many, each lane the next one when the last one is acknowledged and on its stream. */
  deliver(options: { lanes: number; webhooks: number }): Promise<void>
  /** The same for a while, with what the processes of the server spent on it. */
  saturate(options: { lanes: number; seconds: number; processes: readonly number[] }): Promise<Throughput>
  /** Delivers at a steady rate, whatever the server does. */
  pace(options: { lanes: number; seconds: number; rate: number }): Promise<Latencies>
  /** From now on streams that are lost come back by themselves. */
  comeBack(): Promise<void>
  /** Resolves when all have. */
  allBack(): Promise<Return>
}

export interface Target {
  port: number
  connections: number
  /** When a stream counts as open. */
  mark: OpenMark
  /** Where webhooks go; `:user` stands for the user. */
  webhookPath: string
  webhookToken: string
  subscriptionSecret: string
}

export interface Throughput {
  perSecond: number
  /** Microseconds that the server's processes were on a processor, for each webhook. */
  cpuMicroseconds: number
  /** The share of a processor that the driver itself took: near 1, it is the driver that was measured. */
  driverShare: number
}

/** In milliseconds. */
export interface Latencies {
  frameP50: number
  frameP99: number
  frameP999: number
  acknowledgementP99: number
  /** How far the driver was behind its own pace. */
  latenessP99: number
}

export interface Return {
  /** From the first stream that was lost until the last one was open again. */
  seconds: number
  /** The most connections within 100 ms, of those that found the server. */
  burst: number
}
