import type { UploadPartName } from './data-attributes.ts'

/** The attributes by which a style sheet knows an element. */
export function part(name: UploadPartName) {
  return { 'data-scope': 'kyc-upload', 'data-part': name } as const
}
