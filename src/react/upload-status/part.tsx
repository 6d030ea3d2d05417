import type { ReactElement } from 'react'
import { type KycPartOptions, renderElement } from '../parts/element.tsx'
import type { PartName } from './data-attributes.ts'
import type { KycUploadStatusView } from './view.ts'

/** Renders a part: its own attributes, and over them what the application has given. */
export function renderPart(
  part: PartName,
  tag: string,
  own: object,
  props: KycPartOptions & object,
  view: KycUploadStatusView,
): ReactElement {
  const attributes = {
    'data-scope': 'kyc-upload-status',
    'data-part': part,
    'data-status': view.status,
    'data-connection': view.connection,
    'data-doubt': view.doubt,
  }
  return renderElement(attributes, tag, own, props, view)
}
