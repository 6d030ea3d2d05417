import { useKycStatusClient } from 'kyc-upload-status'
import { usePoaStatus } from 'kyc-upload-status/timeline'
import { useState } from 'react'

/** The largest file that the provider takes, in bytes. */
const MAX_SIZE = 5_000_000

export interface ProofOfAddress {
  /** Why the last one was not sent; `null`: it was, or none has been chosen. */
  problem: string | null
  /** Sends a file, and marks the point from which the provider's answers count. */
  send(file: File): Promise<void>
}

export function useProofOfAddress(externalUserId: string): ProofOfAddress {
  const client = useKycStatusClient()
  const { beginUpload, clear } = usePoaStatus(externalUserId)
  const [problem, setProblem] = useState<string | null>(null)

  async function send(file: File): Promise<void> {
    if (file.size >= MAX_SIZE) return setProblem('Choose a file that is smaller than 5 MB.')
    setProblem(null)
    client.setSending(externalUserId, 'poa', true)
    try {
      await beginUpload()
      const response = await fetch('/api/proof-of-address', { method: 'POST', body: file })
      if (!response.ok) throw new Error(`the server answered ${response.status}`)
    } catch {
      clear()
      setProblem('Your proof of address could not be sent. Try again.')
    } finally {
      client.setSending(externalUserId, 'poa', false)
    }
  }

  return { problem, send }
}
