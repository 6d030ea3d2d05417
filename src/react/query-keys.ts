/** The query keys of this package, by which its entries in a cache are found, and removed at log-out. */
export const kycKeys = {
  all: ['kyc-upload-status'] as const,
  fileStatuses: () => [...kycKeys.all, 'file-status'] as const,
  /**
   * An attempt has a key of its own, so that a new upload can't show the old result, not even for one frame. A key without
   * `relay` (the client's `url`) finds those of every relay.
   */
  fileStatus: (externalUserId: string, attemptId: string | null, relay?: string) =>
    [...kycKeys.fileStatuses(), externalUserId, { attemptId, ...(relay !== undefined && { relay }) }] as const,
}
