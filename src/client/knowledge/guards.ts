/** Whether a value from outside is of a type. The schemas of `protocol` say the same, and are three times what a page loads. */
export type Guard<T> = (value: unknown) => value is T

export const isText: Guard<string> = (value) => typeof value === 'string'

/** Whether a value is an object with these properties. Its other properties are not looked at. */
export function hasShape<T extends object>(guards: { [K in keyof T]-?: Guard<T[K]> }): Guard<T> {
  return (value): value is T =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries<Guard<unknown>>(guards).every(([key, guard]) => guard((value as Record<string, unknown>)[key]))
}
