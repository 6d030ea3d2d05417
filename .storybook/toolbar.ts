import type { Preview } from '@storybook/react-vite'
import { LANGUAGES } from '../stories/languages.ts'

const menu = (
  title: string,
  icon: 'globe' | 'mirror' | 'transfer' | 'play' | 'contrast',
  items: [string, string][],
) => ({
  description: title,
  toolbar: {
    title,
    icon,
    dynamicTitle: true,
    items: items.map(([value, name]) => ({ value, title: `${title}: ${name}` })),
  },
})

/** What a language calls itself. */
const endonym = (locale: string) => new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale

export const globalTypes: Preview['globalTypes'] = {
  theme: menu('Theme', 'mirror', [
    ['light dark', 'system'],
    ['light', 'light'],
    ['dark', 'dark'],
  ]),
  language: menu(
    'Language',
    'globe',
    [...LANGUAGES.keys()].map((locale) => [locale, endonym(locale)]),
  ),
  direction: menu('Direction', 'transfer', [
    ['language', 'language'],
    ['ltr', 'left to right'],
    ['rtl', 'right to left'],
  ]),
  motion: menu('Motion', 'play', [
    ['system', 'system'],
    ['reduced', 'reduced'],
  ]),
  colours: menu('Colours', 'contrast', [
    ['page', 'page'],
    ['forced', 'forced, approximately'],
  ]),
}

export const initialGlobals = {
  theme: 'light dark',
  language: 'en',
  direction: 'language',
  motion: 'system',
  colours: 'page',
}
