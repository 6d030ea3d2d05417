'use client'

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { aFunction, checkOptions, expect, type Rules, wholeNumber } from '../../protocol/check-options.ts'
import { KYC_FILE_FRAME } from '../../protocol/words.ts'
import { useClient } from '../provider.tsx'
import { useKycFileStatus } from '../use-kyc-file-status.ts'
import { isAccept } from './accept.ts'
import { UploadError } from './upload-error.ts'
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
  readProgress,
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
  limits: KycUploadLimits
  /** Takes files in, or says in `problems` why not. */
  choose(files: Iterable<File>): void
  /** Takes a file out that has not been sent. If all others have been sent, the upload is complete. */
  remove(id: number): void
  /** Sends what has not been sent, or one file of it. Only what the provider says after this counts. */
  send(id?: number): Promise<void>
  /** Stops what has not been sent. */
  cancel(): void
  /** Begins again, with nothing. What was sent is not waited for any more. */
  reset(): void
}

interface State {
  externalUserId: string
  upload: Upload
  sentAt: number | null
}

const NOTHING_SENT = { upload: NOTHING_CHOSEN, sentAt: null }

const rules: Rules = {
  upload: aFunction,
  accept: expect(isAccept, 'expected what the attribute accept takes: "image/jpeg,.pdf"'),
  maxSize: wholeNumber,
  maxFiles: wholeNumber,
}

/**
 * Sends files to your server, one after the other, and marks the point from which the provider's answers count.
 * `useKycFileStatus` says what became of them.
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
  const client = useClient('useKycUpload')
  const { beginUpload, clear } = useKycFileStatus(externalUserId)
  const limits = useMemo(() => ({ accept, maxSize, maxFiles }), [accept, maxSize, maxFiles])
  const [state, setState] = useState<State>({ ...NOTHING_SENT, externalUserId })
  // Nobody sees, or sends, what another user has chosen.
  const { upload, sentAt } = state.externalUserId === externalUserId ? state : NOTHING_SENT
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
      setState((before) => ({ externalUserId, upload: next, sentAt: isSent ? (before.sentAt ?? Date.now()) : null }))
    },
    [externalUserId],
  )

  /** Waits only for answers to the files that were sent. Where none was, the attempt has ended already. */
  const settle = useCallback(() => {
    const sent = countSent(current.current)
    if (sent > 0) client.setFiles(externalUserId, sent)
  }, [client, externalUserId])

  const stop = useCallback(() => {
    if (!running.current) return
    running.current.abort(new DOMException('The upload was canceled.', 'AbortError'))
    running.current = null
    update(cancel(current.current))
    if (countSent(current.current) === 0) clear()
  }, [update, clear])

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

  const phase = phaseOf(upload)
  const isSending = phase === 'sending'
  useEffect(() => {
    if (!isSending) return
    client.setSending(externalUserId, KYC_FILE_FRAME, true)
    return () => client.setSending(externalUserId, KYC_FILE_FRAME, false)
  }, [client, externalUserId, isSending])

  const sendOne = useCallback(
    async ({ id, file }: UploadFile, signal: AbortSignal) => {
      const note = (changes: Partial<UploadFile>) => {
        if (!signal.aborted) update(change(current.current, id, changes))
      }
      note({ status: 'sending' })
      try {
        const onProgress: Parameters<UploadFunction>[1]['onProgress'] = (progress) =>
          note({ progress: readProgress(progress, file.size) })
        const answer = await latestSendFile.current(file, { onProgress, signal })
        // `fetch` resolves for a refusal too.
        if (answer instanceof Response && !answer.ok) {
          throw new UploadError('refused', `the server answered ${answer.status}`, answer.status)
        }
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
      update(queue(current.current, id))
      // The loop that is sending already comes to this file too.
      if (running.current || phaseOf(current.current) !== 'sending') return
      const controller = new AbortController()
      running.current = controller
      const { signal } = controller
      const { length } = current.current.files
      if (isFirst) await beginUpload({ files: length })
      else client.setFiles(externalUserId, length)
      for (;;) {
        const next = current.current.files.find(({ status }) => status === 'queued')
        if (!next || signal.aborted) break
        await sendOne(next, signal)
      }
      if (running.current !== controller) return
      running.current = null
      if (countSent(current.current) === 0) clear()
    },
    [client, externalUserId, beginUpload, clear, sendOne, update],
  )

  return {
    files: upload.files,
    problems: upload.problems,
    phase,
    sentAt,
    limits,
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
      client.clear(externalUserId, { isSent: countSent(current.current) > 0 })
      update(NOTHING_CHOSEN)
      clear()
    }, [client, externalUserId, stop, update, clear]),
  }
}
