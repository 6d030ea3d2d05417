import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { secrets, start } from './process.ts'

/** Writes bytes as they stand and resolves with what came back, once the connection has closed. */
function send(url: string, bytes: string): Promise<{ answer: string; seconds: number }> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    let answer = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8')
    socket.on('data', (text) => {
      answer += text
    })
    socket.on('close', () => resolve({ answer, seconds: (performance.now() - began) / 1000 })).on('error', reject)
    socket.write(bytes)
  })
}

it('cuts a request whose headers or body take longer than 10 s', { timeout: 30_000 }, async () => {
  const relay = await start(['relay', '--port', '0', '--store', 'memory'], secrets)
  const head = 'POST /webhook/kyc-files/status HTTP/1.1\r\nHost: localhost\r\n'
  const [headers, body] = await Promise.all([
    send(relay.url, head),
    send(
      relay.url,
      `${head}Authorization: first-token\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`,
    ),
  ])
  for (const { answer, seconds } of [headers, body]) {
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(seconds).toBeGreaterThan(9)
    expect(seconds).toBeLessThan(14)
  }
  expect(await relay.stop()).toBe(0)
})

it('refuses headers that are too long', async () => {
  const relay = await start(['relay', '--port', '0', '--store', 'memory'], secrets)
  const { answer } = await send(
    relay.url,
    `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 431 /)
})
