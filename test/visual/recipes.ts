import page from '../../stories/theming.mdx?raw'

/** The examples below a heading of the page on theming, as they stand there. */
export function recipe(heading: string): string[] {
  const section = page.split('\n## ').find((text) => text.startsWith(`${heading}\n`))
  const examples = [...(section ?? '').matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, code = '']) => code)
  if (examples.length === 0) throw new Error(`theming.mdx: expected an example below "${heading}"`)
  return examples
}
