/** What the simulated provider can do, in the words of the page. */
export const SCENARIOS = {
  added: { label: 'Added', hint: 'accepted after 3 s' },
  error: { label: 'Error', hint: 'refused after 3 s' },
  slow: { label: 'Slow', hint: 'accepted after 15 s' },
  lost: { label: 'Lost connection', hint: 'accepted while the line is down' },
} as const

export type Scenario = keyof typeof SCENARIOS
