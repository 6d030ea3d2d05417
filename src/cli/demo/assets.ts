import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Answers with the files of a folder, which are read once. Nothing on the page comes from elsewhere, and none of it is inline. */
export function serveAssets(folder: string): (pathname: string) => Response | null {
  const files = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => extname(file) in TYPES)
      .map((file) => [`/${file.replaceAll(sep, '/')}`, readFileSync(join(folder, file))]),
  )
  return (pathname) => {
    const path = pathname === '/' ? '/index.html' : pathname
    const file = files.get(path)
    if (!file) return null
    return new Response(file, {
      headers: {
        'content-type': TYPES[extname(path)] ?? '',
        'content-security-policy': "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache',
      },
    })
  }
}
