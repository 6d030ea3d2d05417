// Loaded into a relay process before the command: each SIGUSR2 moves its clock forward by KYC_TEST_MOVE milliseconds.
import { moveDate } from './moved-date.ts'

let moves = 0
process.on('SIGUSR2', () => {
  moveDate(Number(process.env.KYC_TEST_MOVE))
  console.log(`clock moved ${++moves}`)
})
