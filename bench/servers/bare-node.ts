import { createServer, type ServerResponse } from 'node:http'
import './collect.ts'
import { frame, HOST, PORT, STREAM_HEADERS, userOf, type Webhook } from './protocol.ts'

// The floor on Node.js: nothing is checked, and nothing is kept.

const streams = new Map<string, ServerResponse>()

createServer((request, response) => {
  if (request.method === 'POST') {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (part: string) => {
      text += part
    })
    request.on('end', () => {
      const { externalUserId, status } = JSON.parse(text) as Webhook
      streams.get(externalUserId)?.write(frame(JSON.stringify({ externalUserId, status })))
      response.end()
    })
    return
  }
  const user = userOf(request.url ?? '')
  streams.set(user, response)
  response.on('close', () => {
    if (streams.get(user) === response) streams.delete(user)
  })
  response.writeHead(200, STREAM_HEADERS).flushHeaders()
}).listen(PORT, HOST)
