/**
 * Whether two texts are the same. It looks at every character of what was presented, so how long it takes depends on that
 * alone.
 *
 * @param expected - one that is shorter is gone through again.
 */
export function isSame(presented: string, expected: string): boolean {
  let found = presented.length ^ expected.length
  for (let i = 0; i < presented.length; i++) found |= presented.charCodeAt(i) ^ expected.charCodeAt(i % expected.length)
  return found === 0
}
