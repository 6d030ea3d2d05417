import { equal } from 'node:assert/strict'
import { fail, matches } from './check.ts'

/** A problem document, as far as the checks read it. */
export interface ProblemDocument {
  type?: string
  title?: string
  status?: number
  detail?: string
  errors?: { pointer?: string; detail?: string }[]
}

/** Fails unless a request was refused with this status, by a problem document that says the same. */
export async function refused(response: Response, status: number, what: string): Promise<ProblemDocument> {
  equal(response.status, status, `the status for ${what}`)
  matches(response.headers.get('content-type'), /^application\/problem\+json\b/, `the content-type for ${what}`)
  const text = await response.text()
  let document: ProblemDocument
  try {
    document = JSON.parse(text) as ProblemDocument
  } catch {
    return fail('a problem document', text, `the body for ${what}`)
  }
  equal(document.status, status, `the member "status" for ${what}`)
  matches(document.title, /\S/, `the member "title" for ${what}`)
  matches(document.detail, /\S/, `the member "detail" for ${what}`)
  return document
}
