import { brotliCompressSync, gzipSync } from 'node:zlib'

export interface Row {
  readonly name: string
  readonly version: string
  readonly code: string
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

/** A Markdown table of what each row's code weighs: minified, and as it is sent. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ name, version, code }) => {
    const bytes = Buffer.from(code)
    const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)].map(({ length }) => kB(length))
    return `| ${[name, version, ...sizes].join(' | ')} |`
  })
  return ['| | version | minified | gzip | brotli |', '|---|---|--:|--:|--:|', ...lines].join('\n')
}
