/** Where the rules are written. */
export const SSE = 'HTML standard, 9.2 (server-sent events)'
export const FETCH = 'Fetch standard, CORS protocol and HTTP caches'
export const README = 'README'
export const PROTOCOL = 'stories/protocol.mdx'
export const rfc = (number: number, section: string) => `RFC ${number}, ${section}`
