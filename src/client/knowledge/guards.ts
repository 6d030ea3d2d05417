/** Tells whether a value from outside has a type. The schemas of `protocol` check the same, and are three times as large as a page's code. */
export type Guard<T> = (value: unknown) => value is T

export const isText: Guard<string> = (value) => typeof value === 'string'

/** Checks that a value is an object with these properties. Other properties are not looked at. */
export function hasShape<T extends object>(guards: { [K in keyof T]-?: Guard<T[K]> }): Guard<T> {
  return (value): value is T =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries<Guard<unknown>>(guards).every(([key, guard]) => guard((value as Record<string, unknown>)[key]))
}
