import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type WebhookDefinition, webhookDefinitions } from '../protocol/webhooks/definition.ts'
import { PARTNER_FRAMES, type PartnerFrame, partnerApi } from '../protocol/webhooks/partner-api.ts'
import { UsageError } from './command.ts'

/** The webhooks of `--webhooks`, or those of the Partner API at the paths of `--path`. */
export async function readWebhooks(
  file: string | undefined,
  paths: readonly string[],
): Promise<readonly WebhookDefinition[]> {
  if (file === undefined) return partnerApi({ paths: readPaths(paths) })
  if (paths.length > 0) throw new UsageError('--path: expected no --webhooks beside it, which says the paths itself')
  const webhooks = await load(file)
  const problem = webhookDefinitions(webhooks)
  if (problem !== null) throw new UsageError(`--webhooks: ${file}: webhooks: ${problem}`)
  return webhooks as readonly WebhookDefinition[]
}

/** The name of a frame of the Partner API, as it stands in an option. */
export function readFrame(option: string, name: string): PartnerFrame {
  const frame = PARTNER_FRAMES.find((known) => known === name)
  if (frame === undefined) throw new UsageError(`${option}: expected one of ${PARTNER_FRAMES.join(', ')}`)
  return frame
}

function readPaths(paths: readonly string[]): { [frame in PartnerFrame]?: string } {
  const read: { [frame in PartnerFrame]?: string } = {}
  for (const option of paths) {
    const [, name = '', path] = /^([^=]*)=(.*)$/s.exec(option) ?? []
    if (path === undefined) throw new UsageError('--path: expected <frame>=<path>, poa=/webhook/… for example')
    const frame = readFrame('--path', name)
    if (read[frame] !== undefined) throw new UsageError(`--path: expected ${frame} once`)
    read[frame] = path
  }
  return read
}

async function load(file: string): Promise<unknown> {
  let module: { webhooks?: unknown }
  try {
    module = await import(pathToFileURL(resolve(file)).href)
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n')
    throw new UsageError(`--webhooks: can't load ${file}: ${reason}`)
  }
  if (module.webhooks === undefined) throw new UsageError(`--webhooks: expected ${file} to export webhooks`)
  return module.webhooks
}
