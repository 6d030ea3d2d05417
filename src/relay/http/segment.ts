import { Problem } from './problem.ts'

/** What a segment of a path says. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Problem(400, 'The path is not percent-encoded UTF-8.')
  }
}
