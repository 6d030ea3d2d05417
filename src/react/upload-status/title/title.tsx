import { forwardRef } from 'react'
import type { KycPartProps } from '../../parts/element.tsx'
import { renderPart } from '../part.tsx'
import { useStatus } from '../status.ts'
import { stateTexts } from '../texts.ts'

export interface KycUploadStatusTitleProps extends KycPartProps<'h2'> {
  /** Which heading it is in the outline of the page. Default 2. */
  headingLevel?: 2 | 3 | 4 | 5 | 6
}

/** The status in a few words, which names the group. Renders an `<h2>`. */
export const Title = forwardRef<HTMLHeadingElement, KycUploadStatusTitleProps>(function Title(
  { headingLevel = 2, ...props },
  ref,
) {
  const status = useStatus()
  const { view, messages, titleId } = status
  const children = (
    <>
      {view.status === 'error' && (
        <>
          <span data-scope="kyc-upload-status" data-part="prefix">
            {messages.errorPrefix}
          </span>{' '}
        </>
      )}
      {stateTexts(status).title}
    </>
  )
  return renderPart('title', `h${headingLevel}`, { ref, id: titleId, children }, props, view)
})
