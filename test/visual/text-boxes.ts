/** The box of each line of text in an element that is there to be seen. */
export function textBoxes(root: Element): { text: string; box: DOMRect }[] {
  const boxes: { text: string; box: DOMRect }[] = []
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const { currentNode: text } = texts
    if (!text.textContent?.trim() || text.parentElement?.closest('[data-part="announcer"], [data-part="prefix"]'))
      continue
    const range = document.createRange()
    range.selectNodeContents(text)
    for (const box of range.getClientRects()) boxes.push({ text: text.textContent, box })
  }
  return boxes
}
