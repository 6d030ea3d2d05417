import { createKycStatusClient, KycStatusProvider } from 'kyc-upload-status'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { OnboardingPage } from './onboarding-page.tsx'
import type { Webhook } from './webhook-form.tsx'
import 'kyc-upload-status/styles.css'
import './demo.css'

const client = createKycStatusClient({
  url: '/kyc',
  getToken: async ({ signal }) => {
    const response = await fetch('/api/kyc-token', { method: 'POST', signal })
    // What is thrown here is tried again.
    if (!response.ok) throw new Error(`no token: ${response.status}`)
    return response.text()
  },
  // The demo breaks the line for 8 s only; the default of 30 s suits outages of a network.
  retry: { max: 3000 },
})
const session = await fetch('/api/session')
const { externalUserId, webhooks } = (await session.json()) as { externalUserId: string; webhooks: Webhook[] }
const root = document.getElementById('root')

if (root) {
  createRoot(root).render(
    <StrictMode>
      <KycStatusProvider client={client}>
        <OnboardingPage externalUserId={externalUserId} webhooks={webhooks} />
      </KycStatusProvider>
    </StrictMode>,
  )
}
