import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

/** Lives through as many histories as one likes: `npm run model -- --runs 20000`. */
const { values } = parseArgs({
  options: {
    /** How many. Default 3,000. */
    runs: { type: 'string', default: '3000' },
    /** What they are made from; the same gives the same. Default: another one each time. */
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    /** The only kinds of steps, or all but some, with commas between; `benign` names all that is no trouble. */
    only: { type: 'string' },
    without: { type: 'string' },
  },
})

console.log(`${values.runs} histories from seed ${values.seed}`)
const vitest = spawn('vitest', ['run', '--project', 'model'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    KYC_MODEL_RUNS: values.runs,
    KYC_MODEL_SEED: values.seed,
    ...(values.only && { KYC_MODEL_ONLY: values.only }),
    ...(values.without && { KYC_MODEL_WITHOUT: values.without }),
  },
})
vitest.on('close', (code) => {
  process.exitCode = code ?? 1
})
