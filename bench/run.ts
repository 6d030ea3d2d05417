import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry, Trial } from './report/entry.ts'
import { overview, remarks, report } from './report/report.ts'
import { CONTESTANTS, missingFor } from './trial/contestants.ts'
import { ensureDescriptors } from './trial/descriptors.ts'
import { describeMachine } from './trial/machine.ts'
import { describeMethod } from './trial/method.ts'
import { HELP, type Options, readOptions } from './trial/options.ts'
import { killAll } from './trial/processes.ts'
import { runTrial } from './trial/trial.ts'

// Measures this package's relay beside other servers, in turns, and writes what was found to RESULTS.md.

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(
    args,
    CONTESTANTS.map(({ id }) => id),
  )
  if (!options) {
    console.log(HELP)
    return
  }
  ensureDescriptors(options.connections)
  process.once('exit', killAll)
  const stop = stopRequested()

  const machine = describeMachine()
  const { entries, skipped } = await runAll(options, stop)
  if (stop.aborted) throw new Error('It was stopped, and nothing is written.')
  const text = report({
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    machine,
    method: describeMethod(options),
    entries,
    skipped,
  })
  const isWhole = options.only.length === 0 && !options.isQuick
  if (isWhole) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), text)
  console.log(
    isWhole
      ? [overview(entries), '', ...remarks({ entries, skipped }), '', 'Written to bench/RESULTS.md'].join('\n')
      : text,
  )
  if (entries.some(({ trials }) => trials.some(({ failure }) => failure))) process.exitCode = 1
}

/** One trial of each after the other, and all of it again: so what happens to the machine meanwhile happens to all. */
async function runAll(options: Options, stop: AbortSignal): Promise<{ entries: Entry[]; skipped: string[] }> {
  const wanted = CONTESTANTS.filter(({ id }) => options.only.length === 0 || options.only.includes(id))
  const missing = wanted.map((contestant) => ({ contestant, what: missingFor(contestant) }))
  const skipped = missing.flatMap(({ contestant, what }) =>
    what === null ? [] : [`${contestant.name}: skipped, because it needs ${what}.`],
  )
  for (const line of skipped) console.error(line)
  const present = missing.flatMap(({ contestant, what }) =>
    what === null ? [{ contestant, trials: [] as Trial[] }] : [],
  )
  for (let repeat = 1; repeat <= options.repeats; repeat++) {
    for (const { contestant, trials } of present) {
      if (stop.aborted) break
      console.error(`${repeat}/${options.repeats} ${contestant.name}`)
      const trial = await runTrial(contestant, options, stop)
      if (trial.failure) console.error(`  ended early: ${trial.failure}`)
      trials.push(trial)
    }
  }
  return { entries: present.map(({ contestant, trials }) => ({ ...contestant, trials })), skipped }
}

/** Aborted by the first signal that asks for an end, so that what runs can be ended in order. A second one ends it at once. */
function stopRequested(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1)
      controller.abort()
    })
  }
  return controller.signal
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
