'use client'

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { aFunction, checkOptions, expect, type Rules } from '../../client/options.ts'
import { useKycStatusClient } from '../provider.tsx'
import { isAccept } from './accept.ts'
import {
  cancel,
  change,
  choose,
  type FileProblem,
  type Limits,
  NOTHING_CHOSEN,
  phaseOf,
  queue,
  remove,
  type Upload,
  type UploadFile,
  type UploadPhase,
} from './upload-files.ts'
import type { UploadFunction } from './upload-function.ts'

export interface UseKycUploadOptions {
  /** The user who is signed in. */
  externalUserId: string
  /** Sends a file to your server: one of your own, or `xhrUpload('/documents')`. */
  upload: UploadFunction
  /** What may be chosen, as the attribute `accept` of a file input says it. Default `image/jpeg,image/png,application/pdf`. */
  accept?: string | undefined
  /** The largest file, in bytes. Default 10,000,000. */
  maxSize?: number | undefined
  /** How many files one upload may have: 2 for a card with two sides. Default 1. */
  maxFiles?: number | undefined
}

export interface KycUploadControls {
  files: readonly UploadFile[]
  /** What was wrong with the last choice. */
  problems: readonly FileProblem[]
  phase: UploadPhase
  /** When the last file had been sent, in milliseconds since the epoch; `null` before. */
  sentAt: number | null
  limits: Limits
  /** Takes files in, or says in `problems` why not. */
  choose(files: Iterable<File>): void
  /** Puts a file back that was chosen. */
  remove(id: number): void
  /** Sends what has not been sent, or one file of it. Only what the provider says after this counts. */
  send(id?: number): Promise<void>
  /** Stops what has not been sent. */
  cancel(): void
  /** Begins again, with nothing. What was sent is not waited for any more. */
  reset(): void
}

const wholeNumber = expect(
  (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  'expected a whole number, 1 or more',
)
const rules: Rules = {
  upload: aFunction,
  accept: expect(isAccept, 'expected what the attribute accept takes: "image/jpeg,.pdf"'),
  maxSize: wholeNumber,
  maxFiles: wholeNumber,
}

/**
 * Sends files to your server, one after the other, and marks the point from which the provider's answers count. What became of
 * them is for `useKycFileStatus` to say.
 *
 * @throws {InvalidOptionsError} if an option can't work.
 */
export function useKycUpload({
  externalUserId,
  upload: sendFile,
  accept = 'image/jpeg,image/png,application/pdf',
  maxSize = 10_000_000,
  maxFiles = 1,
}: UseKycUploadOptions): KycUploadControls {
  checkOptions('useKycUpload', rules, { upload: sendFile ?? null, accept, maxSize, maxFiles })
  const client = useKycStatusClient()
  const limits = useMemo(() => ({ accept, maxSize, maxFiles }), [accept, maxSize, maxFiles])
  const [upload, setUpload] = useState(NOTHING_CHOSEN)
  const [sentAt, setSentAt] = useState<number | null>(null)
  // What is true now, for what goes on between two renders.
  const current = useRef(upload)
  const running = useRef<AbortController | null>(null)
  const latestSendFile = useRef(sendFile)
  useEffect(() => {
    latestSendFile.current = sendFile
  }, [sendFile])

  const update = useCallback((next: Upload) => {
    current.current = next
    setUpload(next)
  }, [])

  /** Where nothing is on its way there is nothing to wait for. */
  const clearIfNothingWasSent = useCallback(() => {
    if (!current.current.files.some(({ status }) => status === 'sent')) client.clear(externalUserId)
  }, [client, externalUserId])

  const stop = useCallback(() => {
    if (!running.current) return
    running.current.abort(new DOMException('The upload was canceled.', 'AbortError'))
    running.current = null
    update(cancel(current.current))
    clearIfNothingWasSent()
  }, [update, clearIfNothingWasSent])

  // A page that goes away takes along what it has not sent.
  useEffect(() => {
    window.addEventListener('pagehide', stop)
    return () => {
      window.removeEventListener('pagehide', stop)
      stop()
    }
  }, [stop])

  const sendOne = useCallback(
    async ({ id, file }: UploadFile, signal: AbortSignal) => {
      const note = (changes: Partial<UploadFile>) => {
        if (!signal.aborted) update(change(current.current, id, changes))
      }
      note({ status: 'sending' })
      try {
        const onProgress: Parameters<UploadFunction>[1]['onProgress'] = ({ loaded, total }) =>
          note({ progress: { loaded, total: total || file.size } })
        await latestSendFile.current(file, { onProgress, signal })
        note({ status: 'sent' })
      } catch (error) {
        note({ status: 'failed', error })
      }
    },
    [update],
  )

  const send = useCallback(
    async (id?: number) => {
      const isFirst = !current.current.files.some(({ status }) => status === 'sent')
      update(queue(current.current, id))
      // What is being sent already goes on, and comes to this file too.
      if (running.current || phaseOf(current.current) !== 'sending') return
      const controller = new AbortController()
      running.current = controller
      const { signal } = controller
      if (isFirst) await client.beginUpload(externalUserId, { files: current.current.files.length })
      for (;;) {
        const next = current.current.files.find(({ status }) => status === 'queued')
        if (!next || signal.aborted) break
        await sendOne(next, signal)
      }
      if (running.current !== controller) return
      running.current = null
      if (phaseOf(current.current) === 'sent') setSentAt(Date.now())
      clearIfNothingWasSent()
    },
    [client, externalUserId, sendOne, update, clearIfNothingWasSent],
  )

  return {
    files: upload.files,
    problems: upload.problems,
    phase: phaseOf(upload),
    sentAt,
    limits,
    choose: useCallback((files: Iterable<File>) => update(choose(current.current, files, limits)), [limits, update]),
    remove: useCallback((id: number) => update(remove(current.current, id)), [update]),
    send,
    cancel: stop,
    reset: useCallback(() => {
      stop()
      update(NOTHING_CHOSEN)
      setSentAt(null)
      client.clear(externalUserId)
    }, [stop, update, client, externalUserId]),
  }
}
