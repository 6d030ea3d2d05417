import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

/** The recipe that users copy; what runs here is made from it. */
export const recipe = readFileSync(new URL('../../stories/recipes/nginx.conf', import.meta.url), 'utf8')

const candidates = process.env.NGINX_PATH ? [process.env.NGINX_PATH] : ['nginx', '/usr/sbin/nginx']

/** Where nginx is; `undefined` where it is not installed. */
export const nginxPath = candidates.find((path) => spawnSync(path, ['-v']).status === 0)

/** A line of the recipe, and what stands in its place. */
export type Change = readonly [line: string, instead: string]

export interface Nginx {
  /** TLS with HTTP/1.1 and HTTP/2; HTTP/2 in clear text where there is no `openssl` to make a certificate. */
  url: string
  certificate: Buffer | undefined
  /** HTTP/1.1 in clear text, which the recipe does not have, for clients that can't be told of a certificate. */
  plainUrl: string
  accessLog(): string
  /** Starts new workers; resolves when the old ones have been told to quit. */
  reload(): Promise<void>
}

/** Starts nginx by the recipe, in front of what listens on the given ports. It ends with the test. */
export async function startNginx(
  relayPorts: readonly number[],
  changes: readonly Change[] = [],
  attempts = 3,
): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'kyc-nginx-'))
  const certificate = makeCertificate(folder)
  const [port, plainPort] = await freePorts()
  const config = adapt(recipe, [
    ['server 127.0.0.1:8787;', relayPorts.map((relayPort) => `server 127.0.0.1:${relayPort};`).join(' ')],
    ['listen 443 ssl http2;', `listen 127.0.0.1:${port} ${certificate ? 'ssl http2' : 'http2'};`],
    ['listen [::]:443 ssl http2;', `listen 127.0.0.1:${plainPort};`],
    ...inFolder(folder, certificate !== undefined),
    ...changes,
  ])
  writeFileSync(join(folder, 'nginx.conf'), config)

  const directives = `daemon off; pid ${folder}/nginx.pid; error_log stderr notice;`
  const child = spawn(nginxPath ?? '', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', directives], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  })
  const logged = follow(child)
  try {
    // It listens before it starts its workers.
    await logged(/start worker process \d/)
  } catch (error) {
    // Another test may have been given one of the ports meanwhile.
    if (attempts > 1 && String(error).includes('could not bind')) return startNginx(relayPorts, changes, attempts - 1)
    throw error
  }
  return {
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`,
    certificate,
    plainUrl: `http://127.0.0.1:${plainPort}`,
    accessLog: () => readFileSync(join(folder, 'access.log'), 'utf8'),
    async reload() {
      child.kill('SIGHUP')
      await logged(/gracefully shutting down/)
    },
  }
}

/** What the recipe says of a machine, told for a folder that any user can write. */
function inFolder(folder: string, hasCertificate: boolean): Change[] {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const certificateLine = (line: string) => (hasCertificate ? line : '')
  return [
    ['http {', `http { ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}`],
    ['worker_processes auto;', 'worker_processes 2;'],
    // More than the user who runs the tests may be allowed to have.
    ['worker_rlimit_nofile 16384;', ''],
    ['worker_connections 8192;', 'worker_connections 256;'],
    ['access_log /var/log/nginx/kyc-access.log kyc;', `access_log ${folder}/access.log kyc;`],
    ['error_log /var/log/nginx/kyc-error.log warn;', ''],
    [
      'ssl_certificate /etc/ssl/kyc.example.com/fullchain.pem;',
      certificateLine(`ssl_certificate ${folder}/certificate.pem;`),
    ],
    [
      'ssl_certificate_key /etc/ssl/kyc.example.com/privkey.pem;',
      certificateLine(`ssl_certificate_key ${folder}/key.pem;`),
    ],
  ]
}

/** Each line has to be there, once: so the recipe can't move away from what is tested. */
export function adapt(config: string, changes: readonly Change[]): string {
  return changes.reduce((text, [line, instead]) => {
    const [before, after, ...more] = text.split(line)
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`expected exactly one "${line}" in the recipe`)
    }
    return before + instead + after
  }, config)
}

/** For 127.0.0.1, for a day. */
function makeCertificate(folder: string): Buffer | undefined {
  const file = join(folder, 'certificate.pem')
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    join(folder, 'key.pem'),
  ]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const { status } = spawnSync('openssl', ['req', '-x509', ...key, ...subject, '-days', '1', '-out', file])
  return status === 0 ? readFileSync(file) : undefined
}

/** Two ports that nobody listens on. */
async function freePorts(): Promise<readonly [number, number]> {
  const [first, second] = [createServer(), createServer()]
  for (const server of [first, second]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  const ports = [(first.address() as AddressInfo).port, (second.address() as AddressInfo).port] as const
  for (const server of [first, second]) {
    server.close()
    await once(server, 'close')
  }
  return ports
}

/** Waits for a line of its log that nobody has waited for yet. */
function follow(child: ChildProcess): (pattern: RegExp) => Promise<void> {
  if (!child.stderr) throw new Error('expected a log')
  const lines: string[] = []
  let hasEnded = false
  let wake = () => {}
  createInterface({ input: child.stderr })
    .on('line', (line) => {
      lines.push(line)
      wake()
    })
    .on('close', () => {
      hasEnded = true
      wake()
    })
  let read = 0
  return async (pattern) => {
    for (;;) {
      const found = lines.findIndex((line, index) => index >= read && pattern.test(line))
      if (found >= 0) {
        read = found + 1
        return
      }
      if (hasEnded) throw new Error(`nginx has ended:\n${lines.join('\n')}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}
