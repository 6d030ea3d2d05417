import type { Preview } from '@storybook/react-vite'
import { configure } from 'storybook/test'
import '../src/react/styles.css'
import './docs.css'
import { onStage } from './stage.tsx'
import { globalTypes, initialGlobals } from './toolbar.ts'

// A machine that is busy is slow; what comes in time is not waited for any longer.
configure({ asyncUtilTimeout: 8000 })

const preview: Preview = {
  tags: ['autodocs'],
  globalTypes,
  initialGlobals,
  decorators: [onStage],
  parameters: {
    layout: 'fullscreen',
    options: {
      storySort: {
        order: [
          'Overview',
          'Live',
          'KycUploadStatus',
          'Looks',
          'Parts',
          'KycTimeline',
          'KycStepStatus',
          'KycUpload',
          'In an onboarding page',
          'useKycFileStatus',
        ],
      },
    },
    a11y: {
      test: 'error',
      // Forced colours are the reader's own, and axe takes the page's for them.
      config: { rules: [{ id: 'color-contrast', enabled: !matchMedia('(forced-colors: active)').matches }] },
      options: { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    },
  },
}

export default preview
