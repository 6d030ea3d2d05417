// SQLite's log (`-wal`) as https://sqlite.org/fileformat2.html#walformat has it: a header, then frames, each a page of
// the database. Each checksum goes on from the one before, and the last frame of a commit says that it is.
const HEADER = 32
const FRAME_HEADER = 24
const FRAME = FRAME_HEADER + 4096
const BIG_ENDIAN = 0x377f0683

/**
 * Whether commits stand in a log behind damage, where SQLite drops them without a word: to SQLite a log ends with the
 * first frame that is wrong. The commit of that frame may have been broken off by a loss of power, before anyone was told
 * of it. Those after it were not.
 */
export function hidesCommits(log: Buffer): boolean {
  if (log.length < HEADER + FRAME) return false
  const headerIsRight = checksum(log, null, 0, 24).equals(log.subarray(24, HEADER))
  const frames: Frame[] = []
  for (let at = HEADER; at + FRAME <= log.length; at += FRAME) frames.push(readFrame(log, at, headerIsRight))
  const wrong = headerIsRight ? frames.findIndex((frame) => !frame.isRight) : 0
  if (wrong === -1) return false
  const behind = frames.slice(wrong)
  const brokenOff = headerIsRight ? behind.findIndex((frame) => frame.isCommit) : -1
  return behind.slice(brokenOff + 1).some((frame) => frame.isCommit && frame.isRight)
}

interface Frame {
  /** Follows from what stands before it. */
  isRight: boolean
  isCommit: boolean
}

/** A log is written over an older one, whose frames have other salts than the header. */
function readFrame(log: Buffer, at: number, headerIsRight: boolean): Frame {
  if (headerIsRight && !log.subarray(at + 8, at + 16).equals(log.subarray(16, 24))) {
    return { isRight: false, isCommit: false }
  }
  const before = at === HEADER ? 24 : at - FRAME + 16
  const header = checksum(log, log.subarray(before, before + 8), at, at + 8)
  const isRight = checksum(log, header, at + FRAME_HEADER, at + FRAME).equals(log.subarray(at + 16, at + FRAME_HEADER))
  return { isRight, isCommit: log.readUInt32BE(at + 4) !== 0 }
}

/** Of the bytes from `from` to `to`, going on from the checksum `before` them. */
function checksum(log: Buffer, before: Buffer | null, from: number, to: number): Buffer {
  const isBigEndian = log.readUInt32BE(0) === BIG_ENDIAN
  const word = (at: number) => (isBigEndian ? log.readUInt32BE(at) : log.readUInt32LE(at))
  let first = before?.readUInt32BE(0) ?? 0
  let second = before?.readUInt32BE(4) ?? 0
  for (let at = from; at < to; at += 8) {
    first = (first + word(at) + second) >>> 0
    second = (second + word(at + 4) + first) >>> 0
  }
  const sum = Buffer.alloc(8)
  sum.writeUInt32BE(first, 0)
  sum.writeUInt32BE(second, 4)
  return sum
}
