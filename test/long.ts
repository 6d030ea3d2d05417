/** Load tests run in full where `KYC_LONG=1`, as CI sets it. Otherwise they run fewer rounds, so that `npm test` stays short. */
export const isLong = process.env.KYC_LONG === '1'
