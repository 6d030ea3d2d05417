/** Where the rules are written. */
export const SSE = 'HTML standard, 9.2 (server-sent events)'
export const FETCH = 'Fetch standard, CORS protocol and HTTP caches'
export const README = 'README'
export const HTTP_TABLE = 'ARCHITECTURE.md, HTTP'
export const rfc = (number: number, section: string) => `RFC ${number}, ${section}`
/** A rule that the relay is to keep, and that has to be written down yet. */
export const UNWRITTEN = 'README, as soon as it says so'
