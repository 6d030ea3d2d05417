import type { Decorator } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import type { KycMessages } from '../src/react/index.ts'
import { messagesOf, ToolbarMessages } from '../stories/languages.ts'
import { useMedia } from './media.ts'
import './stage.css'

interface StageProps {
  theme: string
  messages: KycMessages
  isStill: boolean
  isForced: boolean
  children: ReactNode
}

/** A page around a story, as the toolbar has it. */
function Stage({ theme, messages, isStill, isForced, children }: StageProps): ReactNode {
  useMedia('(prefers-reduced-motion: reduce)', isStill)
  useMedia('(forced-colors: active)', isForced)
  return (
    <div
      className={isForced ? 'stage forced-colours' : 'stage'}
      dir={messages.direction}
      style={{ colorScheme: theme }}
    >
      <ToolbarMessages.Provider value={messages}>{children}</ToolbarMessages.Provider>
    </div>
  )
}

export const onStage: Decorator = (Story, { globals }) => (
  <Stage
    theme={globals.theme}
    messages={messagesOf(globals)}
    isStill={globals.motion === 'reduced'}
    isForced={globals.colours === 'forced'}
  >
    <Story />
  </Stage>
)
