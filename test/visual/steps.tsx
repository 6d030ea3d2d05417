import { render } from 'vitest-browser-react'
import { Shown, ShownStep } from '../react/timeline/shown.tsx'
import { EACH_STATE } from '../react/timeline/states.ts'

const actions = { 'kyc-file': <a href="#upload">Upload your document</a> }
const contact = <a href="#help">Contact us</a>

/** Each state, as a timeline and as a card. */
export const showSteps = (direction: 'ltr' | 'rtl' = 'ltr') =>
  render(
    <main className="gallery" dir={direction}>
      {EACH_STATE.map(({ name, channel }) => (
        <figure key={name}>
          <figcaption>{name}</figcaption>
          {/* The words stay English, because the browser of the tests has no letters but Latin ones. */}
          <Shown channel={channel} actions={actions} contact={contact} messages={{ direction }} />
          <ShownStep channel={channel} step="poa" />
        </figure>
      ))}
    </main>,
  )
