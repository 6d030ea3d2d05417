import { expect, waitFor, within } from 'storybook/test'
import type { KycMessages, KycStateMessages } from '../src/react/index.ts'
import { type LanguageGlobals, messagesOf } from './languages.ts'

interface Shown {
  canvasElement: HTMLElement
  globals: LanguageGlobals
}

type State = { [Key in keyof KycMessages]: KycMessages[Key] extends KycStateMessages ? Key : never }[keyof KycMessages]

/** Waits until a story shows the component in this state, in the language of the toolbar. */
export function findCard({ canvasElement, globals }: Shown, state: State): Promise<HTMLElement> {
  const { title } = messagesOf(globals)[state]
  const name = (found: string) => found.endsWith(title)
  return within(canvasElement).findByRole('group', { name })
}

/** Waits until a screen reader is told this, in a region that waits for a pause. */
export async function heard({ canvasElement }: Shown, text: string): Promise<void> {
  await waitFor(() => expect(within(canvasElement).getByRole('status')).toHaveTextContent(text))
}

/** Plays a story that shows the component in this state. */
export function shows(state: State): (shown: Shown) => Promise<void> {
  return async (shown) => void (await findCard(shown, state))
}
