import { kinds, type StepName } from './steps.ts'

/** `npm test` lives through the same histories each time, so that it does not fail by chance. */
const FIXED_SEED = 20_261_123

const { KYC_LONG, KYC_MODEL_RUNS, KYC_MODEL_SEED, KYC_MODEL_ONLY, KYC_MODEL_WITHOUT } = process.env
const isLong = KYC_LONG === '1'
const total = Number(KYC_MODEL_RUNS ?? (isLong ? 3000 : 500))

/** What histories are made from. */
export const seed = Number(KYC_MODEL_SEED ?? (isLong ? Math.floor(Math.random() * 2 ** 31) : FIXED_SEED))

if (isLong) console.log(`histories from seed ${seed}`)

/** How many there are; a file each, so that they take two processors. */
export const runs = { memory: Math.ceil(total * 0.6), sqlite: Math.floor(total * 0.4) }

const only = names(KYC_MODEL_ONLY)
const without = names(KYC_MODEL_WITHOUT)

/** What may happen, so that one fault does not hide the next. `benign` names all that is no trouble. */
export function isWanted(name: StepName): boolean {
  const isNamed = (list: readonly string[]) =>
    list.includes(name) || (list.includes('benign') && !!kinds[name].isBenign)
  return (only.length === 0 || isNamed(only)) && !isNamed(without)
}

function names(list: string | undefined): string[] {
  return list ? list.split(',') : []
}
