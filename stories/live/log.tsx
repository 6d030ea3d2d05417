import { type ReactNode, useCallback, useId, useState } from 'react'

/** Lines, and the way to add one. */
export function useLog(): [lines: readonly string[], tell: (line: string) => void] {
  const [lines, setLines] = useState<readonly string[]>([])
  const tell = useCallback((line: string) => setLines((before) => [...before, line]), [])
  return [lines, tell]
}

/** The newest comes first. */
export function Log({ title, lines }: { title: string; lines: readonly string[] }): ReactNode {
  const titleId = useId()
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId}>{title}</h2>
      <ol className="live-log" dir="ltr" reversed>
        {lines
          // biome-ignore lint/suspicious/noArrayIndexKey: lines come at the end, and none goes away
          .map((line, index) => <li key={index}>{line}</li>)
          .reverse()}
      </ol>
    </section>
  )
}
