import * as fc from 'fast-check'
import type { Probe } from './page.tsx'
import type { Frame } from './relay-side.ts'
import type { Obstacle } from './wire.ts'

export type Status = 'ADDED' | 'ERROR'
export type StepFrame = Exclude<Frame, 'kyc-file'>
export type TokenTrouble = 'refused' | 'throws' | 'hangs'
export type CacheTrouble =
  | 'clear'
  | 'remove'
  | 'reset'
  | 'invalidate'
  | 'overwrite_older'
  | 'overwrite_other'
  | 'remember'
  | 'restore'
  | 'swap'

/** One thing that happens. `tab` is taken modulo the tabs that are open, so that a history without a step is a history too. */
export type Step =
  | { do: 'webhook'; status: Status; isOther: boolean }
  | { do: 'webhook_at_connect'; status: Status }
  | { do: 'step_webhook'; step: StepFrame; status: string }
  | { do: 'upload'; tab: number; files: number }
  | { do: 'clear'; tab: number }
  | { do: 'proof'; tab: number }
  | { do: 'clear_proof'; tab: number }
  | { do: 'reload'; tab: number }
  | { do: 'close_and_reload'; tab: number }
  | { do: 'open_tab'; tab: number; isCopy: boolean }
  | { do: 'close_tab'; tab: number }
  | { do: 'mount'; tab: number; probe: Probe }
  | { do: 'unmount'; tab: number; probe: Probe }
  | { do: 'sign_out'; tab: number }
  | { do: 'reconnect'; tab: number }
  | { do: 'hide'; tab: number }
  | { do: 'show'; tab: number }
  | { do: 'freeze'; tab: number }
  | { do: 'thaw'; tab: number }
  | { do: 'cache'; tab: number; what: CacheTrouble }
  | { do: 'pass'; ms: number }
  | { do: 'rest' }
  | { do: 'endure' }
  | { do: 'cut' }
  | { do: 'cut_after'; bytes: number }
  | { do: 'silence' }
  | { do: 'end_silence'; isAlive: boolean }
  | { do: 'lag'; up: number; down: number }
  | { do: 'offline' }
  | { do: 'online' }
  | { do: 'obstacle'; kind: Obstacle }
  | { do: 'no_obstacle' }
  | { do: 'token'; trouble: TokenTrouble }
  | { do: 'good_token' }
  | { do: 'restart'; keepsHistory: boolean }
  | { do: 'relay_clock'; by: number }
  | { do: 'device_clock'; by: number }
  | { do: 'sleep'; ms: number; answers: Status[]; line: 'alive' | 'cut' | 'dead' }

export type StepName = Step['do']
type StepOf<N extends StepName> = Extract<Step, { do: N }>

interface Kind<N extends StepName> {
  weight: number
  /** What a history may hold in which nothing goes wrong. */
  isBenign?: true
  parameters: fc.Arbitrary<Omit<StepOf<N>, 'do'>>
  text: (step: StepOf<N>) => string
}

const tab = fc.nat({ max: 1 })
const status = fc.constantFrom<Status>('ADDED', 'ERROR')
const probe = fc.constantFrom<Probe>('plain', 'select')
const jump = fc.constantFrom(2000, -2000, 3_600_000, -3_600_000)
const nothing = fc.constant({})
const inTab = fc.record({ tab })
const tabName = (step: { tab: number }) => `tab ${step.tab + 1}`
const seconds = (ms: number) => `${ms / 1000} s`

export const kinds: { readonly [N in StepName]: Kind<N> } = {
  webhook: {
    weight: 12,
    isBenign: true,
    parameters: fc.record({ status, isOther: fc.integer({ min: 0, max: 7 }).map((n) => n === 7) }),
    text: (step) => `the provider posts ${step.status}${step.isOther ? ' for another user' : ''}`,
  },
  webhook_at_connect: {
    weight: 2,
    isBenign: true,
    parameters: fc.record({ status }),
    text: (step) => `the provider posts ${step.status} in the moment in which the next stream is opened`,
  },
  step_webhook: {
    weight: 8,
    isBenign: true,
    parameters: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          step: fc.constant<StepFrame>('poa'),
          status: fc.constantFrom('WAITING', 'WAITING', 'APPROVED', 'QUESTIONED', 'REJECTED'),
        }),
      },
      { weight: 1, arbitrary: fc.constant({ step: 'user-balance' as const, status: 'ACTIVE' }) },
    ),
    text: (step) => `the provider posts ${step.status} of ${step.step}`,
  },
  upload: {
    weight: 9,
    isBenign: true,
    parameters: fc.record({ tab, files: fc.constantFrom(1, 1, 2, 3) }),
    text: (step) => `${tabName(step)} begins an upload of ${step.files}`,
  },
  proof: { weight: 4, isBenign: true, parameters: inTab, text: (step) => `${tabName(step)} begins a proof of address` },
  clear_proof: { weight: 1, isBenign: true, parameters: inTab, text: (step) => `${tabName(step)} clears that` },
  clear: { weight: 2, isBenign: true, parameters: inTab, text: (step) => `${tabName(step)} clears its upload` },
  reload: { weight: 3, isBenign: true, parameters: inTab, text: (step) => `${tabName(step)} is reloaded` },
  close_and_reload: {
    weight: 1,
    isBenign: true,
    parameters: inTab,
    text: (step) => `${tabName(step)} closes its client and is reloaded`,
  },
  open_tab: {
    weight: 2,
    isBenign: true,
    parameters: fc.record({ tab, isCopy: fc.boolean() }),
    text: (step) => (step.isCopy ? `${tabName(step)} is duplicated` : 'another tab is opened'),
  },
  close_tab: { weight: 1, isBenign: true, parameters: inTab, text: (step) => `${tabName(step)} is closed` },
  mount: {
    weight: 2,
    isBenign: true,
    parameters: fc.record({ tab, probe }),
    text: (step) => `${tabName(step)} mounts its probe "${step.probe}"`,
  },
  unmount: {
    weight: 2,
    isBenign: true,
    parameters: fc.record({ tab, probe }),
    text: (step) => `${tabName(step)} unmounts its probe "${step.probe}"`,
  },
  sign_out: { weight: 1, parameters: inTab, text: (step) => `${tabName(step)} signs out, and somebody signs in again` },
  reconnect: { weight: 1, isBenign: true, parameters: inTab, text: (step) => `${tabName(step)} reconnects` },
  hide: { weight: 2, isBenign: true, parameters: inTab, text: (step) => `${tabName(step)} is hidden` },
  show: { weight: 2, isBenign: true, parameters: inTab, text: (step) => `${tabName(step)} is shown` },
  freeze: { weight: 1, parameters: inTab, text: (step) => `${tabName(step)} is hidden and frozen` },
  thaw: { weight: 2, parameters: inTab, text: (step) => `${tabName(step)} is thawed and shown` },
  cache: {
    weight: 5,
    parameters: fc.record({
      tab,
      what: fc.constantFrom<CacheTrouble>(
        'clear',
        'remove',
        'reset',
        'invalidate',
        'overwrite_older',
        'overwrite_other',
        'remember',
        'restore',
        'swap',
      ),
    }),
    text: (step) => `${tabName(step)}'s cache: ${step.what}`,
  },
  pass: {
    weight: 10,
    isBenign: true,
    parameters: fc.record({
      ms: fc.oneof(fc.integer({ min: 1, max: 40_000 }), fc.constantFrom(1, 100, 600, 1100, 3100, 5000, 12_000, 31_000)),
    }),
    text: (step) => `${seconds(step.ms)} pass`,
  },
  rest: {
    weight: 1,
    isBenign: true,
    parameters: nothing,
    text: () => 'all trouble ends but that a tab is frozen, and 42 s pass',
  },
  endure: { weight: 1, parameters: nothing, text: () => 'two minutes pass, in which nothing else happens' },
  cut: { weight: 3, isBenign: true, parameters: nothing, text: () => 'all lines break' },
  cut_after: {
    weight: 2,
    parameters: fc.record({ bytes: fc.integer({ min: 0, max: 400 }) }),
    text: (step) => `lines break after ${step.bytes} more bytes`,
  },
  silence: { weight: 4, parameters: nothing, text: () => 'the network falls silent' },
  end_silence: {
    weight: 3,
    parameters: fc.record({ isAlive: fc.boolean() }),
    text: (step) => `the network is back, and the lines of before are ${step.isAlive ? 'alive' : 'dead'}`,
  },
  lag: {
    weight: 2,
    parameters: fc.record({ up: fc.constantFrom(0, 200, 2000, 4000), down: fc.constantFrom(0, 200, 2000, 4000) }),
    text: (step) => `bytes take ${seconds(step.up)} up and ${seconds(step.down)} down`,
  },
  offline: { weight: 2, parameters: nothing, text: () => 'the device is offline' },
  online: { weight: 2, parameters: nothing, text: () => 'the device is online' },
  obstacle: {
    weight: 4,
    parameters: fc.record({
      kind: fc.constantFrom<Obstacle>(
        'unreachable',
        'unauthorized',
        'forbidden',
        'not_found',
        'html',
        'no_content',
        'broken',
        'retry_after',
        'buffering',
      ),
    }),
    text: (step) => `requests meet an obstacle: ${step.kind}`,
  },
  no_obstacle: { weight: 3, parameters: nothing, text: () => 'requests meet no obstacle' },
  token: {
    weight: 2,
    parameters: fc.record({ trouble: fc.constantFrom<TokenTrouble>('refused', 'throws', 'hangs') }),
    text: (step) => `getToken: ${step.trouble}`,
  },
  good_token: { weight: 2, parameters: nothing, text: () => 'getToken gives a good token' },
  restart: {
    weight: 3,
    parameters: fc.record({ keepsHistory: fc.boolean() }),
    text: (step) => `the relay restarts ${step.keepsHistory ? 'with' : 'without'} its history`,
  },
  relay_clock: {
    weight: 2,
    parameters: fc.record({ by: jump }),
    text: (step) => `the relay's clock jumps by ${seconds(step.by)}`,
  },
  device_clock: {
    weight: 2,
    parameters: fc.record({ by: jump }),
    text: (step) => `the device's clock jumps by ${seconds(step.by)}`,
  },
  sleep: {
    weight: 2,
    parameters: fc.record({
      ms: fc.constantFrom(10_000, 60_000, 200_000),
      answers: fc.array(status, { maxLength: 2 }),
      line: fc.constantFrom('alive' as const, 'cut' as const, 'dead' as const),
    }),
    text: ({ ms, answers, line }) =>
      `the device sleeps for ${seconds(ms)}${answers.length > 0 ? ` while the provider posts ${answers.join(', ')}` : ''}, its lines are ${line} then`,
  },
}

export const stepNames = Object.keys(kinds) as StepName[]

export function stepOf<N extends StepName>(name: N): fc.Arbitrary<Step> {
  return kinds[name].parameters.map((parameters) => ({ do: name, ...parameters }) as Step)
}

/** One of some kinds, each as often as its weight says. */
export function stepAmong(among: readonly StepName[]): fc.Arbitrary<Step> {
  return fc.oneof(...among.map((name) => ({ weight: kinds[name].weight, arbitrary: stepOf(name) })))
}

export function describeStep(step: Step): string {
  return (kinds[step.do].text as (step: Step) => string)(step)
}
