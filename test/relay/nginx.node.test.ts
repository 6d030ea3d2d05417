import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { request as requestTls } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { KEEP_ALIVE_TIMEOUT } from '../../src/cli/server.ts'
import { createKycStatusClient } from '../../src/client/index.ts'
import { secrets, start } from '../cli/process.ts'
import {
  added,
  behindNginx,
  connectTo,
  events,
  hangUp,
  http2,
  next,
  open,
  openHttp2,
  openTls,
  path,
  post,
  raw,
  refuse,
  serveRelay,
  status,
  subscriber,
  webhook,
} from './behind-nginx.ts'
import { adapt, type Change, type Nginx, nginxPath, recipe, startNginx } from './nginx.ts'
import { openStream, tokens, USER, WEBHOOK_TOKEN } from './serve.ts'

const seconds = (directive: RegExp) => Number(directive.exec(recipe)?.[1])

function behaviour(): void {
  describe('the stream', () => {
    it('brings a frame while it is open, over TLS and HTTP/1.1', async ({ skip }) => {
      const { nginx } = await behindNginx()
      if (!nginx.certificate) skip('there is no openssl to make a certificate with')
      const response = await openTls(nginx)
      expect(response.httpVersion).toBe('1.1')
      const stream = events(response)
      expect((await next(stream))?.event).toBe('sync')
      await webhook(nginx)
      expect((await next(stream))?.event).toBe('kyc-file')
    })

    it('brings a frame while it is open, over HTTP/2', async () => {
      const { nginx } = await behindNginx()
      const stream = events(await openHttp2(http2(nginx)))
      expect((await next(stream))?.event).toBe('sync')
      await webhook(nginx)
      expect((await next(stream))?.event).toBe('kyc-file')
    })

    it('shares one HTTP/2 connection with 19 others, where HTTP/1.1 would let a browser have six', async () => {
      const { nginx } = await behindNginx()
      const session = http2(nginx)
      const users = Array.from({ length: 20 }, (_, index) => `user ${index}`)
      const streams = await Promise.all(users.map(async (user) => events(await openHttp2(session, user))))
      await Promise.all(streams.map(next))
      await Promise.all(users.map((externalUserId) => webhook(nginx, { externalUserId, status: 'ADDED' })))
      const seen = await Promise.all(streams.map(next))
      expect(seen.map((event) => JSON.parse(event?.data ?? '').externalUserId)).toEqual(users)
    })

    it('outlasts the read timeout, because each comment starts that anew', async () => {
      const changes: Change[] = [['proxy_read_timeout 60s;', 'proxy_read_timeout 1s;']]
      const { nginx } = await behindNginx({ changes, heartbeatInterval: 50 })
      const stream = await open(nginx)
      await stream.untilSync()
      // At 50 ms each, 30 of them take longer than the timeout.
      await vi.waitFor(() => expect(stream.comments.length).toBeGreaterThan(30), { interval: 20, timeout: 10_000 })
      await webhook(nginx)
      expect((await stream.next()).event).toBe('kyc-file')
    }, 15_000)

    it('is cut by a read timeout shorter than the heartbeat', async () => {
      const { nginx } = await behindNginx({ changes: [['proxy_read_timeout 60s;', 'proxy_read_timeout 200ms;']] })
      const stream = await open(nginx)
      await stream.untilSync()
      await stream.ended
    })

    it('has a heartbeat well within the read timeout of the recipe', async () => {
      const { nginx } = await behindNginx()
      const [sync] = await (await open(nginx)).untilSync()
      const { heartbeat } = JSON.parse(sync?.data ?? '')
      expect(seconds(/location \/events\/[^}]*proxy_read_timeout (\d+)s;/)).toBeGreaterThanOrEqual(3 * heartbeat)
    })

    it('ends at the relay when its client goes away, over HTTP/1.1 and HTTP/2', async () => {
      const { nginx, requests } = await behindNginx()
      const first = await open(nginx)
      await first.untilSync()
      first.close()
      await requests[0]?.closed

      const session = http2(nginx)
      const second = await openHttp2(session)
      second.close()
      await requests[1]?.closed
      expect(session.destroyed).toBe(false)
    })

    it('resumes from the last event id', async () => {
      const { nginx } = await behindNginx()
      const first = await open(nginx)
      const [{ id = '' } = {}] = await first.untilSync()
      first.close()
      await webhook(nginx, { ...added, status: 'ERROR' })
      await webhook(nginx)
      const seen = await (await open(nginx, { 'last-event-id': id })).untilSync()
      expect(seen.map(({ data }) => JSON.parse(data).status)).toEqual(['ERROR', 'ADDED', undefined])
    })

    it.each(['user/1?#%', 'José 🙂', 'a b+c&d', 'a\\b'])('finds the user %s', async (externalUserId) => {
      const { nginx } = await behindNginx()
      const stream = await open(nginx, {}, externalUserId)
      await stream.untilSync()
      await webhook(nginx, { externalUserId, status: 'ADDED' })
      expect(JSON.parse((await stream.next()).data).externalUserId).toBe(externalUserId)
    })

    it('is found below a path that the relay knows of', async () => {
      const changes: Change[] = [['location /events/ {', 'location /kyc/events/ {']]
      const { nginx } = await behindNginx({ changes, basePath: '/kyc' })
      const stream = await openStream(`${nginx.plainUrl}/kyc${path('user/1')}`, await subscriber('user/1'))
      expect((await stream.untilSync()).at(-1)?.event).toBe('sync')
    })

    it('loses a user with a slash where a path stands behind proxy_pass', async () => {
      const changes: Change[] = [
        ['limit_conn_status 429;\n      proxy_pass http://kyc_relay;', 'proxy_pass http://kyc_relay/events/;'],
      ]
      const { nginx } = await behindNginx({ changes })
      expect((await open(nginx)).status).toBe(200)
      expect((await open(nginx, {}, 'user/1')).status).toBe(404)
    })

    it('carries the CORS headers of the relay, once', async () => {
      const { nginx } = await behindNginx({ allowedOrigins: ['https://app.example'] })
      const { headers } = await open(nginx, { origin: 'https://app.example' })
      expect(headers['access-control-allow-origin']).toBe('https://app.example')
      const preflight = await fetch(`${nginx.plainUrl}${path()}`, {
        method: 'OPTIONS',
        headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
      })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization, last-event-id')
    })

    it('is not compressed, whatever the client takes', async () => {
      const changes: Change[] = [['server_tokens off;', 'gzip on; gzip_min_length 1; gzip_types text/event-stream;']]
      const { nginx } = await behindNginx({ changes })
      const stream = await open(nginx, { 'accept-encoding': 'gzip' })
      expect(stream.headers['content-encoding']).toBeUndefined()
      expect((await stream.untilSync()).at(-1)?.event).toBe('sync')
    })

    it('is refused with 429, which clients come back from, to an address that has too many', async () => {
      const { nginx } = await behindNginx({ changes: [['limit_conn kyc_streams 100;', 'limit_conn kyc_streams 2;']] })
      const streams = [await open(nginx), await open(nginx)]
      expect(streams.map((stream) => stream.status)).toEqual([200, 200])
      expect((await open(nginx)).status).toBe(429)
      await webhook(nginx)
      for (const stream of streams) {
        await stream.untilSync()
        expect((await stream.next()).event).toBe('kyc-file')
      }
    })
  })

  describe('buffering', () => {
    const buffered: Change = ['proxy_buffering off;', 'proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;']

    const inClearText = ({ plainUrl }: Nginx) => request(`${plainUrl}${path()}`)
    const overTls = ({ url, certificate }: Nginx) => requestTls(`${url}${path()}`, { ca: certificate })

    /** How many events are stored before anything of their stream has come, at most 200. */
    async function heldBack(
      make: (nginx: Nginx) => ClientRequest,
      changes: Change[],
      headers: Record<string, string> = {},
    ): Promise<number> {
      const { nginx, requests } = await behindNginx({ changes })
      const ask = make(nginx)
      for (const [name, value] of Object.entries({ ...(await subscriber()), ...headers })) ask.setHeader(name, value)
      let hasCome = false
      ask
        .on('error', () => {})
        .on('response', (response: IncomingMessage) => {
          response
            .on('error', () => {})
            .once('data', () => {
              hasCome = true
            })
        })
      ask.end()
      onTestFinished(() => void ask.destroy())
      await vi.waitFor(() => expect(requests).toHaveLength(1), { interval: 5, timeout: 5000 })
      let stored = 0
      for (; stored < 200 && !hasCome; stored++) await webhook(nginx)
      return stored
    }

    it('would be off by the header of the relay alone', async ({ skip }) => {
      const { nginx } = await behindNginx({ changes: [['proxy_buffering off;', 'proxy_buffering on;']] })
      if (!nginx.certificate) skip('there is no openssl to make a certificate with')
      expect((await next(events(await openTls(nginx))))?.event).toBe('sync')
    })

    it('holds more than 20 events back without both', async ({ skip }) => {
      const { nginx } = await behindNginx()
      if (!nginx.certificate) skip('there is no openssl to make a certificate with')
      expect(await heldBack(overTls, [buffered])).toBeGreaterThan(20)
    })

    it('holds more than 20 events back in clear text too where HTTP/1.0 leads to the relay', async () => {
      const older: Change = ['proxy_http_version 1.1;', 'proxy_http_version 1.0;']
      expect(await heldBack(inClearText, [buffered, older])).toBeGreaterThan(20)
    })

    it('holds everything back together with compression', async () => {
      const compressed: Change = ['gzip off;', 'gzip on; gzip_min_length 1; gzip_types text/event-stream;']
      expect(await heldBack(inClearText, [buffered, compressed], { 'accept-encoding': 'gzip' })).toBe(200)
    })
  })

  describe('the webhook', () => {
    it('passes with its Authorization as it is', async () => {
      const { nginx } = await behindNginx()
      expect((await webhook(nginx)).status).toBe(200)
      expect((await webhook(nginx, added, { authorization: 'another' })).status).toBe(401)
    })

    it('is refused with two Authorization headers, even when they are equal, and not stored', async () => {
      const { nginx } = await behindNginx()
      const authorization = `Authorization: ${WEBHOOK_TOKEN}`
      const answer = await raw(nginx, post(JSON.stringify(added), [authorization, authorization]))
      // The relay's answer is 401; nginx 1.22 is before it with 400.
      expect([400, 401]).toContain(status(answer))
      expect(await (await open(nginx)).untilSync()).toHaveLength(1)
    })

    it('may have 16,384 bytes, and not one more', async () => {
      const { nginx, requests } = await behindNginx()
      const padded = (bytes: number) => {
        const text = JSON.stringify({ ...added, padding: '' })
        return text.replace('"padding":""', `"padding":"${'x'.repeat(bytes - text.length)}"`)
      }
      expect((await webhook(nginx, padded(16_384))).status).toBe(200)
      expect((await webhook(nginx, padded(16_385))).status).toBe(413)
      expect(requests).toHaveLength(1)
    })

    const half = post(JSON.stringify(added), [`Authorization: ${WEBHOOK_TOKEN}`]).slice(0, -1)

    it('takes no connection to the relay while its body dribbles', async () => {
      const changes: Change[] = [['client_body_timeout 10s;', 'client_body_timeout 200ms;']]
      const { nginx, requests } = await behindNginx({ changes })
      const socket = connectTo(nginx)
      socket.write(half)
      // nginx hangs up when the time is over.
      await once(socket.resume(), 'close')
      expect(requests).toEqual([])
    })

    it('would take one without request buffering', async () => {
      const changes: Change[] = [['proxy_request_buffering on;', 'proxy_request_buffering off;']]
      const { nginx, requests } = await behindNginx({ changes })
      connectTo(nginx).write(half)
      await vi.waitFor(() => expect(requests).toHaveLength(1), { interval: 5, timeout: 5000 })
    })

    it('reaches another relay where one is not there', async () => {
      const { port } = await serveRelay()
      const nginx = await startNginx([await refuse(), port])
      for (let i = 0; i < 4; i++) expect((await webhook(nginx)).status).toBe(200)
    })

    it('is not repeated once it was sent, so that none is stored twice', async () => {
      const [one, other] = [await hangUp(), await hangUp()]
      const nginx = await startNginx([one.port, other.port])
      expect((await webhook(nginx)).status).toBe(502)
      expect([...one.heard, ...other.heard]).toEqual(['POST'])
    })

    it('is answered with 502 on a kept connection that is just being closed, and not repeated there', async () => {
      const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
      const relay = await hangUp([answer])
      const nginx = await startNginx([relay.port], [['worker_processes 2;', 'worker_processes 1;']])
      expect((await webhook(nginx)).status).toBe(200)
      expect((await webhook(nginx)).status).toBe(502)
      expect(relay.heard).toEqual(['POST', 'POST'])
    })

    it('would be repeated by non_idempotent', async () => {
      const [one, other] = [await hangUp(), await hangUp()]
      const changes: Change[] = [
        ['proxy_next_upstream error timeout;', 'proxy_next_upstream error timeout non_idempotent;'],
      ]
      const nginx = await startNginx([one.port, other.port], changes)
      expect((await webhook(nginx)).status).toBe(502)
      expect([...one.heard, ...other.heard]).toEqual(['POST', 'POST'])
    })
  })

  describe('the rest', () => {
    it.each(['/metrics', '/readyz', '/healthz', '/', '/webhook/', '/webhook/other'])(
      'keeps %s inside',
      async (target) => {
        const { nginx, requests } = await behindNginx()
        expect((await fetch(`${nginx.plainUrl}${target}`)).status).toBe(404)
        expect(requests).toEqual([])
      },
    )

    // The relay takes a path apart by the rules of URLs, nginx by its own: none of these may mean two things.
    it.each([
      '/events/../readyz',
      '/events/%2e%2e/readyz',
      '/events\\..\\readyz',
      '//readyz',
      '/./readyz',
      '/readyz?x=/events/',
      '/readyz#/events/x',
      '/events/\t../readyz',
      'http://localhost/readyz',
    ])('keeps it inside when asked for %j', async (target) => {
      const { nginx, requests } = await behindNginx()
      const answer = await raw(nginx, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
      expect(requests).toEqual([])
      expect([400, 404]).toContain(status(answer))
    })

    it.each(['/events/..\\readyz', '/events/x\\..\\..\\readyz'])(
      'passes %s on, which the relay refuses',
      async (target) => {
        const { nginx, requests } = await behindNginx()
        const answer = await raw(nginx, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
        expect(requests).toMatchObject([{ url: target }])
        expect(status(answer)).toBe(400)
      },
    )

    it('answers the health probe of the provider', async () => {
      const { nginx } = await behindNginx()
      expect((await fetch(`${nginx.plainUrl}/webhook/health`)).status).toBe(200)
    })

    it('keeps users and tokens out of the access log', async () => {
      const { nginx } = await behindNginx()
      await webhook(nginx)
      const stream = await open(nginx)
      await stream.untilSync()
      stream.close()
      await vi.waitFor(() => expect(nginx.accessLog().trimEnd().split('\n')).toHaveLength(2), {
        interval: 10,
        timeout: 5000,
      })
      expect(nginx.accessLog()).toMatch(/^\S+ POST 200 [\d.]+ 200\n\S+ GET 200 [\d.]+ 200\n$/)
    })

    it('can not move away from what is tested here', () => {
      expect(() => adapt('listen 80;', [['listen 443;', '']])).toThrow('expected exactly one')
      expect(() => adapt('listen 80; listen 80;', [['listen 80;', '']])).toThrow('expected exactly one')
    })

    it('has an idle time towards the relay below that of the relay', () => {
      const inUpstream = seconds(/upstream kyc_relay[^}]*keepalive_timeout (\d+)s;/)
      expect(inUpstream * 1000).toBeLessThan(KEEP_ALIVE_TIMEOUT)
    })
  })

  describe('a restart', () => {
    it('of the relay: 502 meanwhile, then the client is back by itself, and misses nothing', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'kyc-restart-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      const args = (port: number) => ['relay', '--port', `${port}`, '--store', `sqlite:${join(folder, 'kyc.sqlite')}`]
      const first = await start(args(0), secrets)
      const port = Number(new URL(first.url).port)
      const nginx = await startNginx([port])
      const deliver = () => webhook(nginx, added, { authorization: 'first-token' })

      const client = createKycStatusClient({
        url: nginx.plainUrl,
        getToken: () => tokens.issue(USER),
        retry: { base: 10, max: 50 },
      })
      onTestFinished(() => client.close())
      const until = (test: (state: ReturnType<typeof client.getState>) => boolean) =>
        new Promise<void>((resolve) => {
          const check = () => {
            if (test(client.getState(USER))) resolve()
          }
          onTestFinished(client.subscribe(USER, check))
          check()
        })
      await until((state) => state.status?.outcome === 'none')

      await first.stop('SIGKILL')
      await until((state) => state.connection.status === 'reconnecting')
      expect((await deliver()).status).toBe(502)
      await start(args(port), secrets)
      expect((await deliver()).status).toBe(200)
      await until((state) => state.status?.outcome === 'added' && state.connection.status === 'open')
    }, 15_000)

    it('of the workers, by a reload, leaves open streams open', async () => {
      const { nginx } = await behindNginx()
      const stream = await open(nginx)
      await stream.untilSync()
      await nginx.reload()
      await webhook(nginx)
      expect((await stream.next()).event).toBe('kyc-file')
    })

    it('of the workers ends them after worker_shutdown_timeout, and they come back from where they were', async () => {
      const { nginx } = await behindNginx({
        changes: [['worker_shutdown_timeout 30s;', 'worker_shutdown_timeout 100ms;']],
      })
      const stream = await open(nginx)
      const [{ id = '' } = {}] = await stream.untilSync()
      await nginx.reload()
      await stream.ended
      await webhook(nginx)
      const [event, sync] = await (await open(nginx, { 'last-event-id': id })).untilSync()
      expect(event?.event).toBe('kyc-file')
      expect(JSON.parse(sync?.data ?? '').complete).toBe(true)
    })
  })
}

if (nginxPath) describe('behind nginx, by the recipe', behaviour)
else {
  it('runs where nginx is installed', ({ skip }) => {
    const missing = 'nginx is not installed: apt-get install nginx-light'
    if (process.env.REQUIRE_NGINX === '1') throw new Error(missing)
    console.warn(missing)
    skip(missing)
  })
}
