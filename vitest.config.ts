import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import type { BrowserContextOptions } from 'playwright'
import { configDefaults, defineConfig } from 'vitest/config'
import { relayCommands } from './test/browser/relay-commands.ts'
import { isLong } from './test/long.ts'
import { mediaCommands } from './test/visual/media-commands.ts'
import { chromiumLaunch, isChromiumLocked } from './tools/chromium.ts'

const launchOptions = await chromiumLaunch()
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const oldest = (name: string) => path(`tools/node_modules/${name}`)

// The recipes of the documentation are run as they stand there.
const domTests = ['test/**/*.dom.test.tsx', 'stories/recipes/*.dom.test.tsx']

const chromium = (contextOptions: BrowserContextOptions = {}) => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions, contextOptions }),
  instances: [{ browser: 'chromium' as const }],
})

/** Every story is a test, and axe looks at it: one after the other in one page, as somebody would click through them. */
const stories = (
  name: string,
  options: Parameters<typeof storybookTest>[0] = {},
  contextOptions: BrowserContextOptions = {},
) => ({
  extends: true as const,
  plugins: [storybookTest({ configDir: '.storybook', ...options })],
  test: { name, browser: chromium(contextOptions), isolate: false },
})

// Axe sees the rest in each look of the page; these take long, and look like others.
const tags = { exclude: ['slow'] }

/**
 * Every rule of the protocol again, on Bun and on Deno; what becomes of files and of a Redis that fail in each way; the steps of
 * onboarding from webhook to screen, with each store.
 */
const LONG_TESTS = [
  'test/relay/runtimes.node.test.ts',
  'test/relay/stores/trouble.node.test.ts',
  'test/relay/stores/redis-trouble.node.test.ts',
  'test/browser/steps.node.test.ts',
]

/**
 * The same tests on the oldest React and TanStack Query that are supported. Whatever imports them has to be inlined to see the
 * alias.
 */
const domOldest = {
  extends: true as const,
  resolve: {
    alias: {
      react: oldest('react'),
      'react-dom': oldest('react-dom'),
      '@tanstack/react-query': oldest('@tanstack/react-query'),
      // Its CommonJS form would ask Node for React, past the alias.
      '@testing-library/react': path('node_modules/@testing-library/react/dist/@testing-library/react.esm.js'),
    },
  },
  test: {
    name: 'dom-oldest',
    environment: 'jsdom',
    include: domTests,
    server: { deps: { inline: [/@testing-library\/react/, /@tanstack\/react-query/] } },
  },
}

export default defineConfig({
  plugins: [react()],
  test: {
    // Most of the time the tests wait for processes, timers and browsers, so two processors can have more of them at a time.
    maxWorkers: 6,
    // What comes after a while comes later on a machine that is busy; none of this makes a test that passes slower.
    testTimeout: 60_000,
    expect: { poll: { timeout: 5000 } },
    // CI counts from the report.
    ...(process.env.VITEST_RESULTS && {
      reporters: ['default', ['json', { outputFile: process.env.VITEST_RESULTS }]],
    }),
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/**/*.node.test.ts'],
          exclude: [...configDefaults.exclude, ...(isLong ? [] : LONG_TESTS)],
        },
      },
      {
        // Many rounds, many connections: after the others, and two at a time, so that neither disturbs the other.
        extends: true,
        test: {
          name: 'load',
          environment: 'node',
          include: ['test/**/*.load.test.ts'],
          maxWorkers: 2,
          testTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'dom', environment: 'jsdom', include: domTests } },
      { extends: true, test: { name: 'model', environment: 'jsdom', include: ['test/model/*.model.test.tsx'] } },
      ...(isLong ? [domOldest] : []),
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/**/*.browser.test.tsx'],
          browser: { ...chromium(), commands: relayCommands },
        },
      },
      {
        extends: true,
        // Known from the start, so that no page is loaded anew because one of them is found.
        optimizeDeps: { include: ['axe-core', 'tailwindcss', 'vitest-browser-react'] },
        test: {
          name: 'visual',
          include: ['test/visual/*.visual.test.tsx'],
          provide: { isChromiumLocked },
          browser: {
            ...chromium({ locale: 'en-US', timezoneId: 'UTC', reducedMotion: 'reduce' }),
            commands: mediaCommands,
            expect: {
              toMatchScreenshot: {
                // Another processor may round the edge of a letter otherwise; what a person can see is more than that.
                comparatorOptions: { threshold: 0.05, allowedMismatchedPixels: 20 },
                resolveScreenshotPath: ({ root, testFileDirectory, arg, ext }) =>
                  join(root, testFileDirectory, 'baselines', `${arg}${ext}`),
              },
            },
          },
        },
      },
      stories('stories'),
      stories('stories-dark', { initialGlobals: { theme: 'dark' }, tags }),
      ...(isLong
        ? [
            stories('stories-rtl', { initialGlobals: { language: 'ar' }, tags }),
            stories(
              'stories-forced-colors',
              { tags: { exclude: ['slow', 'not-forced'] } },
              { forcedColors: 'active', reducedMotion: 'reduce' },
            ),
          ]
        : []),
    ],
  },
})
