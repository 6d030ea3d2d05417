import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { xhrUpload } from '../../../src/react/index.ts'

const file = new File(['a document'], 'document.pdf', { type: 'application/pdf' })

/** A controller as browsers had it before signals said why they abort. */
function oldController(): AbortController {
  const controller = new AbortController()
  Object.defineProperties(controller.signal, { reason: { value: undefined }, throwIfAborted: { value: undefined } })
  return controller
}

/** The URL of a server that ends with the test. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/documents`
}

it('sends nothing where it was canceled before, in browsers whose signals have no reason too', async () => {
  const controller = oldController()
  controller.abort()
  const sent = xhrUpload('/documents')(file, { onProgress: () => {}, signal: controller.signal })
  await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
})

it('rejects as fetch does when it is canceled on the way, in browsers whose signals have no reason too', async () => {
  const controller = oldController()
  let asked = () => {}
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const url = await serve(() => asked())
  const sent = xhrUpload(url)(file, { onProgress: () => {}, signal: controller.signal })
  const rejected = expect(sent).rejects.toMatchObject({ name: 'AbortError' })
  await isAsked
  controller.abort()
  await rejected
})

it('takes an answer that does not tell its URL, as that of a double in a test', async () => {
  vi.spyOn(XMLHttpRequest.prototype, 'responseURL', 'get').mockReturnValue('')
  onTestFinished(() => void vi.restoreAllMocks())
  const url = await serve((_, response) => response.writeHead(200, { 'access-control-allow-origin': '*' }).end('taken'))
  const { signal } = new AbortController()
  expect(await xhrUpload(url)(file, { onProgress: () => {}, signal })).toBe('taken')
})

const signal = () => new AbortController().signal

it('sends several files in one request, each in a field of the same name', async () => {
  const bodies: Buffer[] = []
  let type = ''
  const url = await serve(async (request, response) => {
    // Before a page asks another origin, its browser does.
    if (request.method === 'POST') {
      type = request.headers['content-type'] ?? ''
      bodies.push(Buffer.concat(await request.toArray()))
    }
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end('taken')
  })
  const files = ['first', 'second', 'third'].map((name) => new File([name], `${name}.pdf`, { type: 'application/pdf' }))
  const [first = file] = files
  await xhrUpload(url, { fieldName: 'pages' })(first, { files, onProgress: () => {}, signal: signal() })
  expect(bodies).toHaveLength(1)
  const body = bodies[0]?.toString() ?? ''
  expect(type).toMatch(/^multipart\/form-data/)
  expect([...body.matchAll(/name="(\w+)"; filename="([\w.]+)"/g)].map(([, ...names]) => names)).toEqual([
    ['pages', 'first.pdf'],
    ['pages', 'second.pdf'],
    ['pages', 'third.pdf'],
  ])
})

it('sends nothing where several files have no field', async () => {
  const sent = xhrUpload('/documents', { fieldName: null })(file, {
    files: [file, file],
    onProgress: () => {},
    signal: signal(),
  })
  await expect(sent).rejects.toMatchObject({ name: 'InvalidOptionsError' })
})
