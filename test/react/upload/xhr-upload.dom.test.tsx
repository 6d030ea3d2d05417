import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { xhrUpload } from '../../../src/react/index.ts'

const file = new File(['a document'], 'document.pdf', { type: 'application/pdf' })

/** A controller as browsers had it before signals said why they abort. */
function oldController(): AbortController {
  const controller = new AbortController()
  Object.defineProperties(controller.signal, { reason: { value: undefined }, throwIfAborted: { value: undefined } })
  return controller
}

/** A server that never answers, and a promise of its first request. */
async function silentServer() {
  let asked = () => {}
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const server = createServer(() => asked())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/documents`, isAsked }
}

it('sends nothing where it was canceled before, in browsers whose signals have no reason too', async () => {
  const controller = oldController()
  controller.abort()
  const sent = xhrUpload('/documents')(file, { onProgress: () => {}, signal: controller.signal })
  await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
})

it('rejects as fetch does when it is canceled on the way, in browsers whose signals have no reason too', async () => {
  const controller = oldController()
  const { url, isAsked } = await silentServer()
  const sent = xhrUpload(url)(file, { onProgress: () => {}, signal: controller.signal })
  const rejected = expect(sent).rejects.toMatchObject({ name: 'AbortError' })
  await isAsked
  controller.abort()
  await rejected
})
