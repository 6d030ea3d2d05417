/** Whether this is a server. React Native has no document, and a window; Deno has a window, and no page. */
export function isServer(): boolean {
  return typeof window === 'undefined' || 'Deno' in globalThis
}
