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
