import { expect, waitFor, within } from 'storybook/test'
import type { KycTimelineState } from '../src/react/timeline/index.ts'
import { type LanguageGlobals, messagesOf } from './languages.ts'

interface Shown {
  canvasElement: HTMLElement
  globals: LanguageGlobals
}

/** Waits until a story shows a step in this state, in the language of the toolbar. */
export async function findStep(
  { canvasElement, globals }: Shown,
  step: string,
  state: KycTimelineState,
): Promise<HTMLElement> {
  const { states } = messagesOf(globals).timeline
  return waitFor(() => {
    const found = canvasElement.querySelector<HTMLElement>(
      `:is([data-part="step"], [data-part="root"])[data-step="${step}"][data-state="${state}"]`,
    )
    if (!found) throw new Error(`expected ${step} to be ${state}`)
    within(found).getByText(states[state])
    return found
  })
}

/** Plays a story that shows a step in this state, and something that its person reads, in each language. */
export function showsStep(
  step: string,
  state: KycTimelineState,
  textOf?: (texts: ReturnType<typeof messagesOf>['timeline']) => string | undefined,
): (shown: Shown) => Promise<void> {
  return async (shown) => {
    const found = await findStep(shown, step, state)
    const text = textOf?.(messagesOf(shown.globals).timeline)
    if (text !== undefined) await expect(found).toHaveTextContent(text)
  }
}

/** Waits until a screen reader is told this. */
export async function heardOf({ canvasElement }: Shown, text: string): Promise<void> {
  await waitFor(() => expect(within(canvasElement).getByRole('status')).toHaveTextContent(text))
}
