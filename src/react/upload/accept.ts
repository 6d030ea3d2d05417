/** An entry of the attribute `accept` of a file input (HTML, 4.10.5.1.17): an extension, a type, or all types of a kind. */
const TOKEN = /^(\.[^\s,./]+|[\w.+-]+\/(\*|[\w.+-]+))$/

/** The single entries of an `accept`. */
export function acceptTokens(accept: string): string[] {
  return accept
    .split(',')
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== '')
}

/** Tells whether every entry of an `accept` is one that a browser knows. */
export function isAccept(accept: unknown): accept is string {
  const tokens = typeof accept === 'string' ? acceptTokens(accept) : []
  return tokens.length > 0 && tokens.every((token) => TOKEN.test(token))
}

/** Tells whether a file is what was asked for. Browsers let people choose other files too, and do not check drops. */
export function isAccepted({ name, type }: { name: string; type: string }, accept: string): boolean {
  const tokens = acceptTokens(accept)
  const matches = (token: string) => {
    if (token.startsWith('.')) return name.toLowerCase().endsWith(token)
    // Where a system knows no type for a file, its name has to do.
    if (type === '') return extensionsOf(token).some((extension) => name.toLowerCase().endsWith(`.${extension}`))
    return token.endsWith('/*') ? type.startsWith(token.slice(0, -1)) : type === token
  }
  return tokens.some(matches)
}

function extensionsOf(type: string): string[] {
  const [, extension = ''] = type.split('/')
  return extension === 'jpeg' ? ['jpg', 'jpeg'] : [extension]
}

/** The names that people know: "JPEG" for `image/jpeg`, "PDF" for `.pdf`. */
export function typeNames(accept: string): string[] {
  const names = acceptTokens(accept).map((token) => {
    const [kind = '', type = ''] = token.split('/')
    return (token.startsWith('.') ? token.slice(1) : type === '*' ? kind : type).replace(/^x-|\+.*$/g, '').toUpperCase()
  })
  return [...new Set(names)]
}
