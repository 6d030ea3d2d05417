import { isAccepted } from './accept.ts'

/** A file on its way. */
export interface UploadFile {
  /** Tells it from others while the page is open. */
  readonly id: number
  readonly file: File
  /**
   * - `chosen`: not begun
   * - `queued`: its turn will come
   * - `sending`: see `progress`
   * - `sent`: your server has it
   * - `failed`: it could not be sent, see `error`
   * - `canceled`: it was stopped before it was sent
   */
  readonly status: 'chosen' | 'queued' | 'sending' | 'sent' | 'failed' | 'canceled'
  /** Bytes, as the upload reports them: those of the whole request, where files are sent together. */
  readonly progress: { readonly loaded: number; readonly total: number }
  /** What the upload threw. */
  readonly error: unknown
}

/** Why a file was not taken. */
export interface FileProblem {
  /** Tells it from others while the page is open. */
  readonly id: number
  readonly code: 'too_large' | 'wrong_type' | 'empty' | 'too_many'
  /** The name of the file. */
  readonly name: string
}

/** What may be chosen. */
export interface KycUploadLimits {
  accept: string
  maxSize: number
  maxFiles: number
}

/** Where an upload is. */
export type UploadPhase =
  | /** Nothing has been sent. */ 'choosing'
  | 'sending'
  | /** Something was not sent. */ 'stopped'
  | /** Your server has every file. */ 'sent'

/** An upload, as its page sees it. Each function here takes one and gives the next. */
export interface Upload {
  readonly files: readonly UploadFile[]
  /** What was wrong with the last choice. */
  readonly problems: readonly FileProblem[]
  readonly nextId: number
}

export const NOTHING_CHOSEN: Upload = { files: [], problems: [], nextId: 1 }

export function phaseOf({ files }: Upload): UploadPhase {
  const count = (...statuses: UploadFile['status'][]) => files.filter(({ status }) => statuses.includes(status)).length
  if (count('queued', 'sending') > 0) return 'sending'
  if (count('chosen') === files.length) return 'choosing'
  return count('sent') === files.length ? 'sent' : 'stopped'
}

/** Takes files in. Where only one may be chosen, a new one replaces it. */
export function choose(upload: Upload, files: Iterable<File>, limits: KycUploadLimits): Upload {
  if (phaseOf(upload) !== 'choosing') return upload
  let { nextId } = upload
  const problems: FileProblem[] = []
  const refuse = (code: FileProblem['code'], { name }: File) => void problems.push({ id: nextId++, code, name })
  const taken = [...files].filter((file, index, all) => {
    const code = problemOf(file, limits)
    if (code) refuse(code, file)
    return !code && all.findIndex((other) => isSameFile(other, file)) === index
  })
  const known = limits.maxFiles === 1 && taken.length > 0 ? [] : upload.files
  const fresh = taken.filter((file) => !known.some((other) => isSameFile(other.file, file)))
  const room = limits.maxFiles - known.length
  const [surplus] = fresh.slice(room)
  if (surplus) refuse('too_many', surplus)
  const added = fresh.slice(0, room).map((file): UploadFile => {
    const progress = { loaded: 0, total: file.size }
    return { id: nextId++, file, status: 'chosen', progress, error: null }
  })
  return { files: [...known, ...added], problems, nextId }
}

function problemOf(file: File, { accept, maxSize }: KycUploadLimits): FileProblem['code'] | null {
  if (!isAccepted(file, accept)) return 'wrong_type'
  if (file.size === 0) return 'empty'
  return file.size > maxSize ? 'too_large' : null
}

/** The same file chosen a second time. */
function isSameFile(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified
}

/** Takes a file out, unless it has been sent or is being sent. */
export function remove(upload: Upload, id: number): Upload {
  const isUnderWay = ({ status }: UploadFile) => status === 'queued' || status === 'sending' || status === 'sent'
  const files = upload.files.filter((file) => file.id !== id || isUnderWay(file))
  return { ...upload, files, problems: [] }
}

/** Queues every file that has not been sent, or one of them. */
export function queue(upload: Upload, id?: number): Upload {
  const files = upload.files.map((file): UploadFile => {
    const isMeant = file.status !== 'sent' && file.status !== 'sending' && (id === undefined || file.id === id)
    return isMeant ? { ...file, status: 'queued', error: null, progress: { ...file.progress, loaded: 0 } } : file
  })
  return { ...upload, files, problems: [] }
}

/** Changes a file that is under way. Any other file stays as it is. */
export function change(upload: Upload, id: number, changes: Partial<UploadFile>): Upload {
  const files = upload.files.map((file) => {
    const isUnderWay = file.status === 'queued' || file.status === 'sending'
    return file.id === id && isUnderWay ? { ...file, ...changes } : file
  })
  return { ...upload, files }
}

/** How many files the provider will answer to. */
export function countSent({ files }: Upload): number {
  return files.filter(({ status }) => status === 'sent').length
}

/** Reads the progress that an upload reports, which may be anything. */
export function readProgress({ loaded, total }: { loaded: number; total?: number | undefined }, size: number) {
  const whole = total !== undefined && Number.isFinite(total) && total > 0 ? total : size
  return { loaded: Number.isFinite(loaded) ? Math.min(Math.max(loaded, 0), whole) : 0, total: whole }
}

/** Cancels every file that has not been sent. */
export function cancel(upload: Upload): Upload {
  return upload.files.reduce((next, { id }) => change(next, id, { status: 'canceled' }), upload)
}
