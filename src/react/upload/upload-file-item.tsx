import type { ReactNode } from 'react'
import { format, formatSize } from '../messages/format.ts'
import type { KycMessages } from '../messages/messages.ts'
import { Button } from './button.tsx'
import { part } from './part.ts'
import type { UploadFile } from './upload-files.ts'
import type { KycUploadControls } from './use-kyc-upload.ts'

/** A file in the list, how far it is, and what can be done about it. */
export function UploadFileItem({
  file: { id, file, status, progress },
  upload,
  messages: { locale, retry, upload: texts },
}: {
  file: UploadFile
  upload: KycUploadControls
  messages: KycMessages
}): ReactNode {
  const { name } = file
  const statusText = {
    chosen: null,
    queued: texts.queued,
    sending: null,
    sent: texts.sent,
    failed: null,
    canceled: texts.canceled,
  }[status]
  return (
    <li {...part('file')} data-file-status={status}>
      <span {...part('name')}>{name}</span> <span {...part('size')}>{formatSize(file.size, locale)}</span>{' '}
      {statusText !== null && <span {...part('file-status')}>{statusText}</span>}
      {status === 'sending' && (
        <progress
          {...part('progress')}
          max={progress.total}
          value={Math.min(progress.loaded, progress.total)}
          aria-label={format(texts.sending, { name }, locale)}
        />
      )}
      {!upload.together && (status === 'failed' || status === 'canceled') && (
        <Button part="retry" label={format(texts.retry, { name }, locale)} onClick={() => void upload.send(id)}>
          {retry}
        </Button>
      )}
      {(status === 'chosen' || status === 'failed' || status === 'canceled') && (
        <Button part="remove" label={format(texts.remove, { name }, locale)} onClick={() => upload.remove(id)}>
          ×
        </Button>
      )}
    </li>
  )
}
