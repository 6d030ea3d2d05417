import type { WebhookDefinition } from '../../protocol/webhooks/definition.ts'

/** The largest body of a webhook whose definition does not say, in bytes. The provider's has about a hundred. */
const MAX_BODY_BYTES = 16_384

/** The webhooks that share a path. */
export interface Route {
  path: string
  /** In the order in which they are asked. */
  definitions: readonly WebhookDefinition[]
  /** The largest body in bytes. */
  maxBytes: number
  /** Whether the webhook token opens all of them, so that it is asked for before a body is read. */
  isByToken: boolean
}

/** By path. */
export type Routes = ReadonlyMap<string, Route>

export function routesOf(webhooks: readonly WebhookDefinition[]): Routes {
  const paths = [...new Set(webhooks.map(({ path }) => path))]
  return new Map(paths.map((path) => [path, routeOf(path, webhooks)]))
}

function routeOf(path: string, webhooks: readonly WebhookDefinition[]): Route {
  const definitions = webhooks.filter((webhook) => webhook.path === path)
  const maxBytes = Math.max(...definitions.map((definition) => definition.maxBytes ?? MAX_BODY_BYTES))
  return { path, definitions, maxBytes, isByToken: definitions.every(({ authenticate }) => !authenticate) }
}
