import { useEffect } from 'react'

/** Lets what style sheets say for a media query apply, whatever the device is set to. */
export function useMedia(query: string, isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return
    const rules = [...document.styleSheets].flatMap((sheet) => mediaRules(sheet.cssRules, query))
    const before = rules.map((rule) => rule.media.mediaText)
    for (const { media } of rules) media.mediaText = 'all'
    return () => {
      for (const [index, { media }] of rules.entries()) media.mediaText = before[index] ?? ''
    }
  }, [query, isOn])
}

function mediaRules(rules: CSSRuleList, query: string): CSSMediaRule[] {
  return [...rules].flatMap((rule) => {
    if (rule instanceof CSSMediaRule && rule.conditionText === query) return [rule]
    return rule instanceof CSSGroupingRule ? mediaRules(rule.cssRules, query) : []
  })
}
