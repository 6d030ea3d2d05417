import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { createSession, type Session } from 'better-sse'
import './collect.ts'
import { HOST, nextId, PORT, userOf, type Webhook } from './protocol.ts'

const sessions = new Map<string, Session>()

createServer(async (request, response) => {
  if (request.method === 'POST') {
    const { externalUserId, status } = JSON.parse(await text(request)) as Webhook
    sessions.get(externalUserId)?.push({ externalUserId, status }, 'kyc-file', nextId())
    response.end()
    return
  }
  const user = userOf(request.url ?? '')
  const session = await createSession(request, response)
  sessions.set(user, session)
  session.on('disconnected', () => {
    if (sessions.get(user) === session) sessions.delete(user)
  })
}).listen(PORT, HOST)
