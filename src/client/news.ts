import type { ChannelState } from './channel.ts'
import type { KycStatusError } from './errors.ts'
import { guard } from './guard.ts'
import type { KycStep } from './knowledge/step.ts'
import type { KycFileStatus } from './knowledge/upload-state.ts'
import { tellOnce } from './storage/outcome.ts'

/** What a client tells by itself. */
export interface Callbacks {
  /**
   * Called when an attempt is `added` or `error` for the first time: once for each attempt, in one tab of the browser, and
   * not again after a reload.
   */
  onOutcome?: (status: KycFileStatus, context: { externalUserId: string; attemptId: string }) => void
  /**
   * Called for what goes wrong on the line, once for each change of `connection.cause`. Most of it heals by itself. Where tabs
   * share a connection, it is called in the tab that has the connection. It is not called for `closed`.
   */
  onError?: (error: KycStatusError, context: { externalUserId: string }) => void
  /**
   * Called when another event decides where a step other than `kyc-file` stands: once for each event, in one tab of the browser,
   * and not for what the first `sync` of a page brings. What it needs is loaded by `import()`, where it is given.
   */
  onStep?: (data: KycStep, context: { externalUserId: string }) => void
}

/**
 * Tells the callbacks of a client what has changed for a user. Returns what is to be called after each change.
 *
 * @param warned - the codes of the errors that this client has warned of.
 */
export function newsOf(
  { onOutcome, onError, onStep }: Callbacks,
  externalUserId: string,
  warned: Set<string>,
): (state: ChannelState, before: ChannelState) => void {
  const user = { externalUserId }
  let signOuts = 0
  return (state, before) => {
    if (state.isSignedOut) signOuts++
    const signOut = signOuts
    // Whether this is the first to tell of it takes a while to find out, and a sign-out ends what there is to tell.
    const tell = (id: string, news: () => void) => tellOnce(id, () => signOut === signOuts && news())
    const { status } = state
    const { cause } = state.connection
    const known = before.connection.cause
    const isSame = cause?.code === known?.code && cause?.message === known?.message
    if (cause && !isSame && cause.code !== 'closed') {
      if (isDevelopment() && !warned.has(cause.code)) console.warn(`kyc-upload-status: ${cause.message}`)
      warned.add(cause.code)
      guard(() => onError?.(cause, user))
    }
    const attemptId = status?.attemptId
    if (onOutcome && attemptId && status.outcome !== 'waiting') {
      void tell(attemptId, () => onOutcome(status, { externalUserId, attemptId }))
    }
    // Pages that do not ask for it load nothing.
    if (onStep) {
      void import('./step-news.ts').then(({ tellSteps }) =>
        tellSteps(user, state, (id, data) => tell(id, () => onStep(data, user))),
      )
    }
  }
}

/** Bundlers replace the expression by its value. Without a bundler, a browser has no `process`. */
function isDevelopment(): boolean {
  try {
    return process.env.NODE_ENV !== 'production'
  } catch {
    return false
  }
}
