import type { Sibling } from './sibling.ts'

/** The webhook *User Balance Generation*: balances exist from now on, so the account is ready. */
export const userBalance: Sibling = {
  frame: 'user-balance',
  path: '/webhook/user/status',
  states: { ACTIVE: 'approved' },
}
