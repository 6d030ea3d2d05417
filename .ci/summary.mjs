// Prints `N passed, N failed, N skipped` from vitest's JSON report. A check that failed outside of vitest counts as one.
import { existsSync, readFileSync } from 'node:fs'

const [file, status] = process.argv.slice(2)
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0 } = report
const failed = numFailedTests === 0 && status !== '0' ? 1 : numFailedTests
console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`)
