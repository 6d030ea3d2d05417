import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import './collect.ts'
import { HOST, nextId, PORT, type Webhook } from './protocol.ts'

const streams = new Map<string, SSEStreamingApi>()
const app = new Hono()

app.get('/events/:user', (context) =>
  streamSSE(context, async (stream) => {
    const user = context.req.param('user')
    streams.set(user, stream)
    await new Promise<void>((resolve) => stream.onAbort(resolve))
    if (streams.get(user) === stream) streams.delete(user)
  }),
)

app.post('/webhook/kyc-files/status', async (context) => {
  const { externalUserId, status } = await context.req.json<Webhook>()
  const data = JSON.stringify({ externalUserId, status })
  await streams.get(externalUserId)?.writeSSE({ event: 'kyc-file', id: nextId(), data })
  return context.body(null)
})

serve({ fetch: app.fetch, port: PORT, hostname: HOST })
