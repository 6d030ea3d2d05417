import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'

const text = z.string('expected text').check(z.minLength(1, 'expected text that is not empty'))

const settingsSchema = z.strictObject({
  /** One of the relay's webhook tokens. */
  webhookToken: text,
  /** The secret that signs subscription tokens. */
  subscriptionSecret: z
    .string('expected text')
    .check(z.refine((secret) => Buffer.byteLength(secret) >= 32, 'expected 32 bytes or more')),
  /** One of the relay's admin tokens. */
  adminToken: z.optional(text),
  /** What comes before every path. */
  basePath: z._default(
    z.string('expected text').check(z.regex(/^(\/[^/?#]+)*$/, 'expected a path like /kyc, without a slash at its end')),
    '',
  ),
  /** An origin whose pages may read streams. */
  allowedOrigin: z.optional(
    z
      .string('expected text')
      .check(
        z.refine(
          (origin) => URL.canParse(origin) && new URL(origin).origin === origin,
          'expected an origin like https://app.example',
        ),
      ),
  ),
  /** How many events the relay keeps for a user. */
  keptEvents: z.optional(z.int('expected a whole number').check(z.minimum(2, 'expected 2 or more'))),
  /** How many streams a user may hold open. */
  streamsPerUser: z.optional(z.int('expected a whole number').check(z.minimum(1, 'expected 1 or more'))),
})

/** What the suite has to be told of a relay, because HTTP doesn't tell it. */
export type Settings = z.infer<typeof settingsSchema>

/** The settings can't be used; the message names each mistake. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** Reads the settings from a file, or without one from the relay's own environment. */
export function readSettings(file: string | undefined, environment: NodeJS.ProcessEnv): Settings {
  if (file !== undefined) return parse(file, readJson(file))
  const { KYC_WEBHOOK_TOKENS = '', KYC_ADMIN_TOKENS = '', KYC_SUBSCRIPTION_SECRET } = environment
  // As the relay does: a secret that comes from a file has a line end.
  const subscriptionSecret = KYC_SUBSCRIPTION_SECRET?.replace(/[\r\n]+$/, '')
  const [webhookToken, adminToken] = [KYC_WEBHOOK_TOKENS, KYC_ADMIN_TOKENS].map((tokens) =>
    tokens.split(',')[0]?.trim(),
  )
  if (!webhookToken || !subscriptionSecret) {
    throw new SettingsError('expected --config <file>, or KYC_WEBHOOK_TOKENS and KYC_SUBSCRIPTION_SECRET to be set')
  }
  return parse('environment', { webhookToken, subscriptionSecret, ...(adminToken && { adminToken }) })
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new SettingsError(`${file}: ${error instanceof SyntaxError ? 'expected JSON' : 'can not be read'}`)
  }
}

function parse(from: string, value: unknown): Settings {
  const result = settingsSchema.safeParse(value)
  if (result.success) return result.data
  const mistakes = result.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: not a setting`
    return [...issue.path, issue.message].join(': ')
  })
  throw new SettingsError(`${from}: ${mistakes.join('; ')}`)
}
