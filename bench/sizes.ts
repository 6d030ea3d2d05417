import { readFileSync, writeFileSync } from 'node:fs'
import { bundle, EXTERNAL } from './bundle.ts'
import { CLIENTS, type Contestant, HOOKS } from './contestants.ts'
import { type Row, table } from './table.ts'

/** Weighs this package and its peers in one way, and writes what was found to SIZES.md. */

function versionOf(manifest: string): string {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/${manifest}`, 'utf8')) as { version: string }
  return version.replace(/^v/, '')
}

async function measured(contestants: readonly Contestant[]): Promise<string> {
  const rows: Row[] = []
  for (const { name, from, code } of contestants) {
    const version = versionOf(from ? `node_modules/${from}/package.json` : '../package.json')
    rows.push({ name: from ? name : `**kyc-upload-status, ${name}**`, version, code: await bundle(code) })
  }
  return table(rows)
}

const vite = versionOf('../node_modules/vite/package.json')
const text = `# Sizes

What a page loads for live status, beside what it has already: ${EXTERNAL.map((name) => `\`${name}\``).join(', ')}.
Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench:sizes\`, with Vite ${vite}: ES2022, minified, for production; gzip at level 9, brotli at 11;
1 kB is 1000 bytes. Everybody's dependencies count, ours too; what a library loads later does not, and neither do styles. What each
imports stands in [contestants.ts](contestants.ts).

## With React

${await measured(HOOKS)}

## Without

${await measured(CLIENTS)}
`
writeFileSync(`${import.meta.dirname}/SIZES.md`, text)
console.log(text)
