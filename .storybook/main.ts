import type { StorybookConfig } from '@storybook/react-vite'
import remarkGfm from 'remark-gfm'

const config: StorybookConfig = {
  framework: '@storybook/react-vite',
  stories: ['../stories/**/*.mdx', '../stories/**/*.stories.tsx'],
  addons: [
    // MDX has no tables of its own.
    {
      name: '@storybook/addon-docs',
      options: { mdxPluginOptions: { mdxCompileOptions: { remarkPlugins: [remarkGfm] } } },
    },
    '@storybook/addon-a11y',
    '@storybook/addon-vitest',
  ],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true, enableCrashReports: false },
  viteFinal(config) {
    config.logLevel = 'warn'
    config.build ??= {}
    // Storybook's own chunks; they are no part of the package.
    config.build.chunkSizeWarningLimit = 2000
    config.build.rolldownOptions = { ...config.build.rolldownOptions, checks: { moduleLevelDirective: false } }
    return config
  },
}

export default config
