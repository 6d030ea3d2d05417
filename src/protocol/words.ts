// What both sides call things, apart from the schemas: a page that waits does without those.

/** The name of the frame that ends a replay: all that comes after it is live. */
export const SYNC_FRAME = 'sync'

/** The name of the frame of the webhook *KYC File Added*. */
export const KYC_FILE_FRAME = 'kyc-file'

/** `ADDED`: the file was accepted. `ERROR`: it was not. */
export const KYC_FILE_STATUSES = ['ADDED', 'ERROR'] as const

/** The longest time between two comments, in seconds; proxies close lines that are silent for much less. */
export const MAX_HEARTBEAT = 3600
