/** How many times brighter one of two colours is than the other, by WCAG: 1 to 21. What is translucent lies on `background`. */
export function contrast(color: string, background: string): number {
  const [darker = 0, lighter = 0] = [luminance([background]), luminance([background, color])].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(layers: readonly string[]): number {
  const [red = 0, green = 0, blue = 0] = paint(layers).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Red, green and blue from 0 to 1, as the browser paints one CSS colour over the other. */
function paint(layers: readonly string[]): number[] {
  const context = new OffscreenCanvas(1, 1).getContext('2d')
  if (!context) throw new Error('expected a canvas')
  for (const layer of layers) {
    // A canvas goes on with the colour before it where it is given none.
    if (!CSS.supports('color', layer)) throw new Error(`expected a colour, not ${layer}`)
    context.fillStyle = layer
    context.fillRect(0, 0, 1, 1)
  }
  const [red = 0, green = 0, blue = 0, alpha] = context.getImageData(0, 0, 1, 1).data
  if (alpha !== 255) throw new Error(`expected an opaque colour, not ${layers.join(' with ')}`)
  return [red / 255, green / 255, blue / 255]
}
