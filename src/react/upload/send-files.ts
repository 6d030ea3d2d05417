import { InvalidOptionsError } from '../../protocol/invalid-options.ts'
import { UploadError } from './upload-error.ts'
import { readProgress, type UploadFile } from './upload-files.ts'
import type { UploadFunction } from './upload-function.ts'

/**
 * Sends files in one call of `upload`. It rejects where they were not sent.
 *
 * @param context.onProgress - is told of the bytes of all of them.
 */
export async function sendFiles(
  upload: UploadFunction,
  batch: readonly UploadFile[],
  { onProgress, signal }: { onProgress: (progress: UploadFile['progress']) => void; signal: AbortSignal },
): Promise<void> {
  const files = batch.map(({ file }) => file)
  const [first] = files
  if (!first) return
  const size = files.reduce((sum, file) => sum + file.size, 0)
  let isRead = files.length === 1
  const answer = await upload(first, {
    get files() {
      isRead = true
      return files
    },
    onProgress: (progress) => onProgress(readProgress(progress, size)),
    signal,
  })
  // `fetch` resolves for a refusal too.
  if (answer instanceof Response && !answer.ok) {
    throw new UploadError('refused', `the server answered ${answer.status}`, answer.status)
  }
  if (!isRead)
    throw new InvalidOptionsError('upload: expected it to send all of context.files, not its first argument alone')
}
