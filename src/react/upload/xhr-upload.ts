import { checkOptions, expect, type Rules, text, trueOrFalse } from '../../protocol/check-options.ts'
import { InvalidOptionsError } from '../../protocol/invalid-options.ts'
import { UploadError } from './upload-error.ts'
import type { UploadContext } from './upload-function.ts'

export interface XhrUploadOptions {
  /** Default `POST`. */
  method?: 'POST' | 'PUT'
  /**
   * The field of the form (`multipart/form-data`) that holds the file; files that are sent together are a field each, of the
   * same name. `null` sends the bytes of one file alone, with its type as the content type. Default `file`.
   */
  fieldName?: string | null
  /** Sent with each request. A function is called before each. */
  headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>)
  /** Sends cookies to another origin too. Default `false`. */
  withCredentials?: boolean
}

const rules: Rules = {
  url: expect((url) => typeof url === 'string' && url !== '', 'expected the URL of your server'),
  method: expect((method) => method === 'POST' || method === 'PUT', 'expected POST or PUT'),
  fieldName: (value) => (value === null ? null : text(value)),
  headers: expect(
    (value) => typeof value === 'function' || (typeof value === 'object' && value !== null),
    'expected headers, or a function',
  ),
  withCredentials: trueOrFalse,
}

/** An `UploadFunction`. Without `files` it sends its first argument. */
export type XhrUpload = (file: File, context: Omit<UploadContext, 'files'> & Partial<UploadContext>) => Promise<string>

/**
 * Sends files by `XMLHttpRequest`, which tells how far it is, as `fetch` does not. It resolves with the text of the answer.
 *
 * @throws {InvalidOptionsError} if an option can't work. The upload rejects with an `UploadError` for anything but a `2xx`, and
 * after a redirect; with an `InvalidOptionsError` if `fieldName` is `null` and there are several files.
 */
export function xhrUpload(url: string, options: XhrUploadOptions = {}): XhrUpload {
  checkOptions('xhrUpload', rules, { ...options, url: url ?? '' })
  const { method = 'POST', fieldName = 'file', headers = {}, withCredentials = false } = options
  return async (file, { files = [file], onProgress, signal }) => {
    if (fieldName === null && files.length > 1) {
      throw new InvalidOptionsError(
        'xhrUpload: fieldName: expected text, because several files are sent in one request',
      )
    }
    const sent = typeof headers === 'function' ? await headers() : headers
    if (signal.aborted) throw abortError()
    return new Promise<string>((resolve, reject) => {
      const request = new XMLHttpRequest()
      const abort = () => request.abort()
      request.upload.onprogress = ({ loaded, total }) => onProgress({ loaded, total })
      request.onload = () => {
        const { status, responseText, responseURL } = request
        const isRedirected = responseURL !== '' && responseURL !== new URL(url, document.baseURI).href
        if (status < 200 || status >= 300) reject(new UploadError('refused', `the server answered ${status}`, status))
        // Most likely to a page that asks to sign in. The target of a redirect has not got the file.
        else if (isRedirected) reject(new UploadError('refused', `the server redirected to ${responseURL}`, status))
        else resolve(responseText)
      }
      request.onerror = () => reject(new UploadError('network', `${url} could not be reached`))
      request.onabort = () => reject(abortError())
      request.onloadend = () => signal.removeEventListener('abort', abort)
      signal.addEventListener('abort', abort)
      request.open(method, url)
      request.withCredentials = withCredentials
      for (const [name, value] of Object.entries(sent)) request.setRequestHeader(name, value)
      request.send(fieldName === null ? file : toForm(fieldName, files))
    })
  }
}

/** What `fetch` rejects with. The signal's own reason is newer than some browsers that this runs in. */
function abortError(): DOMException {
  return new DOMException('The upload was canceled.', 'AbortError')
}

function toForm(fieldName: string, files: readonly File[]): FormData {
  const form = new FormData()
  for (const file of files) form.append(fieldName, file, file.name)
  return form
}
