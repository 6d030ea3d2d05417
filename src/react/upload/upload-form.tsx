import { type DragEvent, type FormEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react'
import { format, formatChoice, formatSize } from '../messages/format.ts'
import type { KycMessages } from '../messages/messages.ts'
import { mergeRefs } from '../parts/element.tsx'
import { useFocusKeeper } from '../parts/focus-keeper.ts'
import { typeNames } from './accept.ts'
import { Button } from './button.tsx'
import { part } from './part.ts'
import { UploadFileItem } from './upload-file-item.tsx'
import type { FileProblem, KycUploadLimits } from './upload-files.ts'
import type { KycUploadControls } from './use-kyc-upload.ts'

/** Returns the text that tells a person what went wrong, or `undefined`. */
export type KycUploadErrorText = (error: unknown, file: File) => string | undefined

/** Where files are chosen and sent. */
export function UploadForm({
  upload,
  messages,
  timesAsked,
  errorText,
  onStartOver,
}: {
  upload: KycUploadControls
  messages: KycMessages
  /** How often the person has asked for this form. Each time the focus moves to its field. */
  timesAsked: number
  errorText: KycUploadErrorText | undefined
  onStartOver: () => void
}): ReactNode {
  const { files, problems, phase, limits, together } = upload
  const { locale, retry, upload: texts } = messages
  const input = useRef<HTMLInputElement>(null)
  const keepFocus = useFocusKeeper()
  const inputRefs = useMemo(() => mergeRefs<HTMLInputElement>(input, keepFocus), [keepFocus])
  const [isDraggedOver, setIsDraggedOver] = useState(false)
  const id = useId()
  const ids = {
    input: `${id}input`,
    label: `${id}label`,
    choose: `${id}choose`,
    hint: `${id}hint`,
    problems: `${id}problems`,
  }
  const count = limits.maxFiles
  const isChoosing = phase === 'choosing'

  useEffect(() => {
    if (timesAsked > 0) input.current?.focus()
  }, [timesAsked])

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (isChoosing && files.length > 0) void upload.send()
  }

  function drag(event: DragEvent): void {
    event.preventDefault()
    setIsDraggedOver(event.type === 'dragover')
    if (event.type === 'drop') upload.choose(event.dataTransfer.files)
  }

  return (
    <form {...part('form')} onSubmit={submit}>
      <p {...part('label')} id={ids.label}>
        {format(texts.label, { count }, locale)}
      </p>
      {isChoosing && (
        // A drop is a shortcut: the field below does the same for keyboards.
        // biome-ignore lint/a11y/noStaticElementInteractions: see above
        <div
          {...part('drop-zone')}
          data-dragged-over={isDraggedOver || undefined}
          onDragOver={drag}
          onDragLeave={drag}
          onDrop={drag}
        >
          <input
            {...part('input')}
            ref={inputRefs}
            id={ids.input}
            type="file"
            accept={limits.accept}
            multiple={count > 1}
            aria-labelledby={`${ids.label} ${ids.choose}`}
            aria-describedby={problems.length > 0 ? `${ids.hint} ${ids.problems}` : ids.hint}
            aria-invalid={problems.length > 0}
            onChange={({ target }) => {
              upload.choose(target.files ?? [])
              // So that the same file can be chosen again.
              target.value = ''
            }}
          />
          <label {...part('choose')} id={ids.choose} htmlFor={ids.input}>
            {format(texts.choose, { count }, locale)}
          </label>
          <span {...part('drop')}> {texts.drop}</span>
          <p {...part('hint')} id={ids.hint}>
            {format(texts.hint, limitValues(limits, locale), locale)}
          </p>
        </div>
      )}
      <ul {...part('files')}>
        {files.map((file) => (
          <UploadFileItem key={file.id} file={file} upload={upload} messages={messages} />
        ))}
      </ul>
      {/* A screen reader says only the line that is new, not the whole list. */}
      <div {...part('problems')} id={ids.problems} role="alert" aria-atomic="false">
        {problems.map((problem) => (
          <p key={problem.id} {...part('problem')} data-problem={problem.code}>
            {problemText(problem, limits, messages)}
          </p>
        ))}
        {files
          .filter(({ status }) => status === 'failed')
          .map(({ id: fileId, file, error }) => (
            <p key={fileId} {...part('problem')} data-problem="not_sent">
              {errorText?.(error, file) ?? format(texts.notSent, { name: file.name }, locale)}
            </p>
          ))}
      </div>
      <div {...part('actions')}>
        {isChoosing && files.length > 0 && (
          <Button part="submit" type="submit">
            {format(texts.submit, { count: files.length }, locale)}
          </Button>
        )}
        {phase === 'sending' && (
          <Button part="cancel" onClick={upload.cancel}>
            {texts.cancel}
          </Button>
        )}
        {phase === 'stopped' && together && (
          <Button part="retry" onClick={() => void upload.send()}>
            {retry}
          </Button>
        )}
        {phase === 'stopped' && (
          <Button part="start-over" onClick={onStartOver}>
            {texts.startOver}
          </Button>
        )}
      </div>
    </form>
  )
}

function limitValues({ accept, maxSize, maxFiles }: KycUploadLimits, locale: string) {
  return { types: formatChoice(typeNames(accept), locale), size: formatSize(maxSize, locale), count: maxFiles }
}

function problemText(
  { code, name }: FileProblem,
  limits: KycUploadLimits,
  { locale, upload: texts }: KycMessages,
): string {
  const text = {
    too_large: texts.tooLarge,
    wrong_type: texts.wrongType,
    empty: texts.empty,
    too_many: texts.tooMany,
  }[code]
  return format(text, { name, ...limitValues(limits, locale) }, locale)
}
