// SQLite's log (`-wal`) as https://sqlite.org/fileformat2.html#walformat has it: a header, then frames, each a page of
// the database. Each checksum goes on from the one before, and the last frame of a commit says that it is.
export const HEADER = 32
const FRAME_HEADER = 24
const PAGE = 4096
const FRAME = FRAME_HEADER + PAGE
const LITTLE_ENDIAN = 0x377f0682
const BIG_ENDIAN = 0x377f0683
const VERSION = 3_007_000

/** More than any file of a relay has: 64 GiB. */
const MAX_PAGES = 2 ** 24

/** Whether a log is too short for any commit. */
export function isEmpty(log: Buffer): boolean {
  return log.length < HEADER + FRAME
}

/** Whether SQLite takes the header of a log, and so looks at what comes after it. A header of zeros has the right checksum. */
export function isHeaderRight(log: Buffer): boolean {
  const magic = log.readUInt32BE(0)
  return (
    (magic === LITTLE_ENDIAN || magic === BIG_ENDIAN) &&
    log.readUInt32BE(4) === VERSION &&
    log.readUInt32BE(8) === PAGE &&
    isSame(checksum(log, [0, 0], 0, 24), sumAt(log, 24))
  )
}

/**
 * Whether commits stand in a log behind damage, where SQLite drops them without a word: to SQLite a log ends with the
 * first frame that is wrong. The commit of that frame may have been broken off by a loss of power, before anyone was told
 * of it. It was not if another commit has begun behind it, because each commit is on the disk before the next one begins.
 *
 * @param log - its header is right.
 */
export function hidesCommits(log: Buffer): boolean {
  const count = Math.floor((log.length - HEADER) / FRAME)
  let wrong = 0
  while (wrong < count && isCurrent(log, wrong) && isRight(log, wrong)) wrong++
  for (let frame = wrong; frame + 1 < count; frame++) {
    const isBehind = isCurrent(log, frame + 1)
    if (isBehind && frame === wrong && closedCommit(log, frame)) return true
    if (isBehind && isCurrent(log, frame) && closesCommit(log, frame) && isRight(log, frame + 1)) return true
  }
  return false
}

const startOf = (frame: number) => HEADER + frame * FRAME

/** A log is written over an older one, whose frames have other salts than the header. */
function isCurrent(log: Buffer, frame: number): boolean {
  const at = startOf(frame)
  return log.subarray(at + 8, at + 16).equals(log.subarray(16, 24))
}

/** Whether a frame follows from what stands before it. */
function isRight(log: Buffer, frame: number): boolean {
  const at = startOf(frame)
  const header = checksum(log, sumBefore(log, frame), at, at + 8)
  return isSame(checksum(log, header, at + FRAME_HEADER, at + FRAME), sumAt(log, at + 16))
}

function closesCommit(log: Buffer, frame: number): boolean {
  return log.readUInt32BE(startOf(frame) + 4) !== 0
}

/**
 * Whether a frame closed a commit before its header was damaged. The checksum can be taken back: through the frame behind
 * it and through its page, to what its header must have been.
 */
function closedCommit(log: Buffer, frame: number): boolean {
  const [at, behind] = [startOf(frame), startOf(frame + 1)]
  const ofPage = takeBack(log, sumAt(log, behind + 16), behind + FRAME_HEADER, behind + FRAME)
  const own = takeBack(log, ofPage, behind, behind + 8)
  const [first, second] = takeBack(log, own, at + FRAME_HEADER, at + FRAME)
  const before = sumBefore(log, frame)
  const header = Buffer.alloc(8)
  const write = (word: number, offset: number) =>
    isBigEndian(log) ? header.writeUInt32BE(word, offset) : header.writeUInt32LE(word, offset)
  write((first - before[0] - before[1]) >>> 0, 0)
  write((second - before[1] - first) >>> 0, 4)
  const [page, pages] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  // A page that is damaged, too, makes nonsense of both.
  return page > 0 && page <= pages && pages <= MAX_PAGES
}

type Sum = readonly [first: number, second: number]

function isSame(one: Sum, other: Sum): boolean {
  return one[0] === other[0] && one[1] === other[1]
}

function sumAt(log: Buffer, at: number): Sum {
  return [log.readUInt32BE(at), log.readUInt32BE(at + 4)]
}

function sumBefore(log: Buffer, frame: number): Sum {
  return sumAt(log, frame === 0 ? 24 : startOf(frame - 1) + 16)
}

function isBigEndian(log: Buffer): boolean {
  return log.readUInt32BE(0) === BIG_ENDIAN
}

function wordsOf(log: Buffer): (at: number) => number {
  return isBigEndian(log) ? (at) => log.readUInt32BE(at) : (at) => log.readUInt32LE(at)
}

/** Of the bytes from `from` to `to`, going on from the checksum before them. */
function checksum(log: Buffer, before: Sum, from: number, to: number): Sum {
  const word = wordsOf(log)
  let [first, second] = before
  for (let at = from; at < to; at += 8) {
    first = (first + word(at) + second) >>> 0
    second = (second + word(at + 4) + first) >>> 0
  }
  return [first, second]
}

/** The checksum before the bytes from `from` to `to`, from the one after them. */
function takeBack(log: Buffer, after: Sum, from: number, to: number): Sum {
  const word = wordsOf(log)
  let [first, second] = after
  for (let at = to - 8; at >= from; at -= 8) {
    second = (second - word(at + 4) - first) >>> 0
    first = (first - word(at) - second) >>> 0
  }
  return [first, second]
}
