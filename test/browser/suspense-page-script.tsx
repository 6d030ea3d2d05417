import { Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { createKycStatusClient, KycStatusProvider, useSuspenseKycFileStatus } from '../../src/react/index.ts'

const parameters = new URLSearchParams(location.hash.slice(1))
const user = parameters.get('user') ?? ''
const client = createKycStatusClient({
  url: parameters.get('relay') ?? '',
  getToken: () => parameters.get('token') ?? '',
  retry: { base: 50, max: 200 },
})
window.client = client
window.user = user

function Outcome() {
  const { data } = useSuspenseKycFileStatus(user)
  return <p>{data.outcome}</p>
}

const root = createRoot(document.body.appendChild(document.createElement('main')))
root.render(
  <KycStatusProvider client={client}>
    <Suspense fallback={<p>loading</p>}>
      <Outcome />
    </Suspense>
  </KycStatusProvider>,
)
