/** Collects garbage when it is told to, by SIGUSR2: what is left then is held. Node.js needs `--expose-gc` for it. */

declare const Bun: { gc(synchronously: boolean): void } | undefined

const collect = () => {
  if (typeof Bun !== 'undefined') Bun.gc(true)
  else globalThis.gc?.()
}

process.on('SIGUSR2', () => {
  collect()
  // What the first one finalizes, the second one collects.
  setImmediate(collect)
})
