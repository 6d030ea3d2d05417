import { useCallback, useSyncExternalStore } from 'react'
import { answersTo } from '../../client/knowledge/attempt.ts'
import { useClient } from '../provider.tsx'

/**
 * What has been decided since the upload for a step: the state of the last answer to it that is not a review, `in_review` until
 * there is one, and `null` where no upload is waited for.
 */
export function useAnswer(externalUserId: string, step: string): string | null {
  const client = useClient('KycUpload')
  return useSyncExternalStore(
    useCallback((listener) => client.subscribe(externalUserId, listener), [client, externalUserId]),
    () => {
      const attempt = client.getState(externalUserId).steps.get(step)?.attempt
      if (!attempt) return null
      const decided = answersTo(attempt).filter(({ state }) => state !== 'in_review')
      return decided.pop()?.state ?? 'in_review'
    },
    () => null,
  )
}
