import { type ReactNode, useId, useMemo } from 'react'
import { checkOptions, expect } from '../../protocol/check-options.ts'
import { completeTimelineMessages } from '../messages/timeline/complete.ts'
import type { KycTimelineMessageOverrides } from '../messages/timeline/messages.ts'
import { isDown, LOST_AFTER, shownLine } from '../parts/line.ts'
import { useClock } from '../parts/use-clock.ts'
import { useSince } from '../parts/use-since.ts'
import { useProvidedMessages } from '../provider.tsx'
import type { KycStepAction, Timeline } from './context.ts'
import type { KycStepName } from './steps.ts'
import type { KycStepReasons } from './texts.ts'
import { useTimelineQuery } from './use-kyc-timeline.ts'
import { viewOfTimeline } from './view.ts'

/** The options of both roots, besides the attributes of their elements. */
export interface KycTimelineCommonOptions {
  /** The user who is signed in. */
  externalUserId: string
  /** A catalogue, or texts to use instead of the English ones or the provider's, each on its own. */
  messages?: KycTimelineMessageOverrides | undefined
  /**
   * The texts of reasons, by the codes that your webhooks give. Only codes that are listed here are told to somebody who was
   * refused. What has to be done better has texts of its own for `unclear` and `other_document`.
   */
  reasons?: KycStepReasons | undefined
  /** A way to ask you for help: a link, say. */
  contact?: ReactNode
}

/** The options of a timeline's root, besides the attributes of its element. */
export interface KycTimelineOptions extends KycTimelineCommonOptions {
  /** The steps of your onboarding, in order, each by the frame of its webhook. */
  steps: readonly KycStepName[]
  /**
   * For each step a way to do what it needs: a link or a button, which is shown where something is to be done, or a function
   * of the step, which is called in every state.
   */
  actions?: Readonly<Record<string, KycStepAction>> | undefined
}

const anObject = expect((value) => typeof value === 'object' && value !== null, 'expected an object')
const rules = { reasons: anObject, actions: anObject }

/** Everything that the parts show of a user's steps. */
export function useTimelineOf(
  scope: Timeline['scope'],
  { externalUserId, steps, messages: overrides, reasons, actions, contact }: KycTimelineOptions,
): Timeline {
  const caller = scope === 'kyc-timeline' ? 'KycTimeline' : 'KycStepStatus'
  checkOptions(caller, rules, { reasons, actions })
  const { data, connection, reconnect } = useTimelineQuery(caller, externalUserId, { steps })
  const provided = useProvidedMessages()?.timeline
  const messages = useMemo(() => completeTimelineMessages(provided, overrides), [provided, overrides])
  const titleId = useId()

  const downSince = useSince(isDown(connection))
  const line = shownLine(connection, downSince, useClock([downSince && downSince + LOST_AFTER]))
  const names = steps.join('\n')
  const view = useMemo(() => viewOfTimeline(data, names.split('\n'), line), [data, names, line])
  const isOpen = connection.status === 'open'

  return useMemo(
    () => ({
      scope,
      view,
      messages,
      reasons: reasons ?? NONE,
      isOpen,
      actions: actions ?? NONE,
      contact,
      titleId,
      onCheckAgain: reconnect,
    }),
    [scope, view, messages, reasons, isOpen, actions, contact, titleId, reconnect],
  )
}

const NONE = {}
