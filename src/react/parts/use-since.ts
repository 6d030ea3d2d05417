import { useEffect, useState } from 'react'

/** When `condition` became true, in milliseconds since the epoch; `null` while it is not. */
export function useSince(condition: boolean): number | null {
  const [since, setSince] = useState<number | null>(null)
  useEffect(() => setSince(condition ? Date.now() : null), [condition])
  return since
}
