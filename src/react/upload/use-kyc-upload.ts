'use client'

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { aFunction, checkOptions, expect, type Rules, trueOrFalse, wholeNumber } from '../../protocol/check-options.ts'
import { KYC_FILE_FRAME } from '../../protocol/words.ts'
import { useClient } from '../provider.tsx'
import { type KycStepName, stepName } from '../timeline/steps.ts'
import { useKycFileStatus } from '../use-kyc-file-status.ts'
import { isAccept } from './accept.ts'
import { sendFiles } from './send-files.ts'
import {
  cancel,
  change,
  choose,
  countSent,
  type FileProblem,
  type KycUploadLimits,
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
  /** Sends files to your server: a function of your own, or `xhrUpload('/documents')`. */
  upload: UploadFunction
  /** The step of onboarding that the files are for, by the frame of its webhook. Default `kyc-file`. */
  step?: KycStepName | undefined
  /**
   * All files leave in one request: `upload` is called once, and finds them in `context.files`. They arrive together, or none
   * of them does. Default: `true` for `poa`, otherwise `false`.
   */
  together?: boolean | undefined
  /** What may be chosen, as the attribute `accept` of a file input says it. Default `image/jpeg,image/png,application/pdf`. */
  accept?: string | undefined
  /** The largest file, in bytes. Default 10,000,000, and 5,000,000 for `poa`. */
  maxSize?: number | undefined
  /** How many files one upload may have: 2 for a card with two sides. Default 1, and 3 for `poa`. */
  maxFiles?: number | undefined
}

export interface KycUploadControls {
  files: readonly UploadFile[]
  /** What was wrong with the last choice. */
  problems: readonly FileProblem[]
  phase: UploadPhase
  /** When the last file had been sent, in milliseconds since the epoch; `null` before. */
  sentAt: number | null
  limits: KycUploadLimits
  /** All files leave in one request. */
  together: boolean
  /** Takes files in, or says in `problems` why not. */
  choose(files: Iterable<File>): void
  /** Takes a file out that has not been sent. If all others have been sent, the upload is complete. */
  remove(id: number): void
  /**
   * Sends what has not been sent, or one file of it; all of it where files are sent together. Only what the provider says
   * after this counts.
   */
  send(id?: number): Promise<void>
  /** Stops what has not been sent. */
  cancel(): void
  /**
   * Begins again, with nothing. A file of the step `kyc-file` that was sent is not waited for any more. Any other step stays
   * in review.
   */
  reset(): void
}

interface State {
  /** Whose upload it is, and for which step. */
  owner: string
  upload: Upload
  sentAt: number | null
}

const NOTHING_SENT = { upload: NOTHING_CHOSEN, sentAt: null }

const rules: Rules = {
  upload: aFunction,
  step: stepName,
  together: trueOrFalse,
  accept: expect(isAccept, 'expected what the attribute accept takes: "image/jpeg,.pdf"'),
  maxSize: wholeNumber,
  maxFiles: wholeNumber,
}

/**
 * Sends files to your server, one after the other or all in one request, and marks the point from which the provider's answers
 * count. `useKycFileStatus` says what became of them, or `useKycStep` where they are for another step.
 *
 * @throws {InvalidOptionsError} if an option can't work.
 */
export function useKycUpload({
  externalUserId,
  upload: sendFile,
  step = KYC_FILE_FRAME,
  together = step === 'poa',
  accept = 'image/jpeg,image/png,application/pdf',
  maxSize = step === 'poa' ? 5_000_000 : 10_000_000,
  maxFiles = step === 'poa' ? 3 : 1,
}: UseKycUploadOptions): KycUploadControls {
  checkOptions('useKycUpload', rules, { upload: sendFile ?? null, step, together, accept, maxSize, maxFiles })
  const client = useClient('useKycUpload')
  const file = useKycFileStatus(externalUserId)
  const isFile = step === KYC_FILE_FRAME
  const beginFiles = file.beginUpload
  const begin = useCallback(
    (files: number) => (isFile ? beginFiles({ files }) : client.beginUpload(externalUserId, { step })),
    [client, externalUserId, step, isFile, beginFiles],
  )
  const clearFile = file.clear
  const clear = useCallback(
    () => (isFile ? clearFile() : client.clear(externalUserId, { step })),
    [client, externalUserId, step, isFile, clearFile],
  )
  const setFiles = useCallback(
    // Files are counted for this step alone.
    (files: number) => isFile && client.setFiles(externalUserId, files),
    [client, externalUserId, isFile],
  )
  const owner = `${step} ${externalUserId}`
  const limits = useMemo(() => ({ accept, maxSize, maxFiles }), [accept, maxSize, maxFiles])
  const [state, setState] = useState<State>({ ...NOTHING_SENT, owner })
  // Nobody sees, or sends, what another user has chosen, or what is for another step.
  const { upload, sentAt } = state.owner === owner ? state : NOTHING_SENT
  // The current upload, for callbacks that run between two renders.
  const current = useRef(upload)
  const running = useRef<AbortController | null>(null)
  const latestSendFile = useRef(sendFile)
  useEffect(() => {
    latestSendFile.current = sendFile
  }, [sendFile])

  const update = useCallback(
    (next: Upload) => {
      current.current = next
      const isSent = phaseOf(next) === 'sent'
      setState((before) => ({ owner, upload: next, sentAt: isSent ? (before.sentAt ?? Date.now()) : null }))
    },
    [owner],
  )

  /** Waits only for answers to the files that were sent. Where none was, the attempt has ended already. */
  const settle = useCallback(() => {
    const sent = countSent(current.current)
    if (sent > 0) setFiles(sent)
  }, [setFiles])

  /** Nothing is on its way any more. The other way round the step would be in review for a moment. */
  const end = useCallback(() => {
    running.current = null
    if (countSent(current.current) === 0) clear()
    client.setSending(externalUserId, step, false)
  }, [client, externalUserId, step, clear])

  const stop = useCallback(() => {
    if (!running.current) return
    running.current.abort(new DOMException('The upload was canceled.', 'AbortError'))
    update(cancel(current.current))
    end()
  }, [update, end])

  // When the page goes away, or the user changes, nothing more is sent.
  useEffect(() => {
    const leave = () => {
      const phase = phaseOf(current.current)
      stop()
      if (phase === 'sending' || phase === 'stopped') settle()
    }
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
      update(NOTHING_CHOSEN)
    }
  }, [stop, settle, update])

  /** Sends files in one request. */
  const sendBatch = useCallback(
    async (batch: readonly UploadFile[], signal: AbortSignal) => {
      const note = (changes: Partial<UploadFile>) => {
        if (!signal.aborted) update(batch.reduce((next, { id }) => change(next, id, changes), current.current))
      }
      note({ status: 'sending' })
      try {
        await sendFiles(latestSendFile.current, batch, { onProgress: (progress) => note({ progress }), signal })
        note({ status: 'sent' })
      } catch (error) {
        note({ status: 'failed', error })
      }
    },
    [update],
  )

  const send = useCallback(
    async (id?: number) => {
      const isFirst = countSent(current.current) === 0
      update(queue(current.current, together ? undefined : id))
      // The loop that is sending already comes to this file too.
      if (running.current || phaseOf(current.current) !== 'sending') return
      const controller = new AbortController()
      running.current = controller
      const { signal } = controller
      const { length } = current.current.files
      client.setSending(externalUserId, step, true)
      if (isFirst) await begin(length)
      else setFiles(length)
      for (;;) {
        const queued = current.current.files.filter(({ status }) => status === 'queued')
        if (queued.length === 0 || signal.aborted) break
        await sendBatch(together ? queued : queued.slice(0, 1), signal)
      }
      if (running.current === controller) end()
    },
    [client, externalUserId, step, together, begin, setFiles, sendBatch, update, end],
  )

  return {
    files: upload.files,
    problems: upload.problems,
    phase: phaseOf(upload),
    sentAt,
    limits,
    together,
    choose: useCallback((files: Iterable<File>) => update(choose(current.current, files, limits)), [limits, update]),
    remove: useCallback(
      (id: number) => {
        update(remove(current.current, id))
        if (phaseOf(current.current) === 'sent') settle()
      },
      [update, settle],
    ),
    send,
    cancel: stop,
    reset: useCallback(() => {
      stop()
      const isSent = countSent(current.current) > 0
      update(NOTHING_CHOSEN)
      // What was sent for another step stays in review.
      if (!isFile) return
      client.clear(externalUserId, { isSent })
      clear()
    }, [client, externalUserId, isFile, stop, update, clear]),
  }
}
