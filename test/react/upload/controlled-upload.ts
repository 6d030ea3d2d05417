import type { UploadFunction } from '../../../src/react/index.ts'

type Context = Parameters<UploadFunction>[1]
interface Call extends Pick<Context, 'onProgress' | 'signal'> {
  file: File
  files: readonly File[]
  resolve: () => void
  reject: (error: Error) => void
}

export const image = (name: string, size = 100) => new File([new Uint8Array(size)], name, { type: 'image/jpeg' })

/** An upload function whose files arrive, or don't, when the test says so. */
export function controlledUpload() {
  const calls: Call[] = []
  const upload: UploadFunction = (file, { files, onProgress, signal }) =>
    new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      calls.push({ file, files, onProgress, signal, resolve, reject })
    })
  const last = (): Call => {
    const call = calls.at(-1)
    if (!call) throw new Error('expected a file to be sent')
    return call
  }
  return { calls, upload, last }
}
