#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { InvalidOptionsError } from '../protocol/invalid-options.ts'
import { StoreUnavailableError } from '../relay/stores/store.ts'
import { type Command, CommandError, UsageError } from './command.ts'
import { demoCommand } from './demo/demo.ts'
import { eventsCommand } from './events.ts'
import { forgetCommand } from './forget.ts'
import { relayCommand } from './relay.ts'
import { sendCommand } from './send.ts'
import { tokenCommand } from './token.ts'

const COMMANDS: Record<string, Command> = {
  relay: relayCommand,
  demo: demoCommand,
  send: sendCommand,
  token: tokenCommand,
  events: eventsCommand,
  forget: forgetCommand,
}

const HELP = `Usage: kyc-upload-status <command> [options]

Commands:
  relay  takes webhooks in and streams each one to its user
  demo   the whole way in a browser: an onboarding page, a relay and a simulated provider
  send   delivers one webhook to a relay, as the provider does
  token  prints a subscription token
  events prints all that a relay keeps of a user
  forget erases a user

kyc-upload-status <command> --help tells the options of each; --version prints the version.`

/** Exit codes: 0 done, 1 could not be done, 2 wrong use. */
async function main([name = '', ...args]: string[]): Promise<number> {
  if (name === '--help' || name === '-h') return print(HELP)
  if (name === '--version' || name === '-v') return print(version())
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) return complain(2, name === '' ? 'a command is missing' : `${name} is not a command`, '')
  if (args.includes('--help') || args.includes('-h')) return print(command.help)
  try {
    await command.run(args)
    return 0
  } catch (error) {
    if (error instanceof UsageError || error instanceof InvalidOptionsError) return complain(2, error.message, name)
    if (error instanceof CommandError || error instanceof StoreUnavailableError) return complain(1, error.message, name)
    throw error
  }
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

function print(text: string): number {
  console.log(text)
  return 0
}

function complain(exitCode: number, message: string, command: string): number {
  const help = ['kyc-upload-status', command, '--help'].filter(Boolean).join(' ')
  console.error(`kyc-upload-status: ${message}${exitCode === 2 ? ` (see ${help})` : ''}`)
  return exitCode
}

// A line that cannot be written, because whoever read them is gone (EPIPE), must not end a relay.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

process.exitCode = await main(process.argv.slice(2))
