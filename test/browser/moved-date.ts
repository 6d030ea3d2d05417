/** Moves `Date` of a process or a page forward, and nothing else. It is sent to pages as text, so it uses nothing from here. */
export function moveDate(ms: number): void {
  const Before = Date
  globalThis.Date = class extends Before {
    constructor(time: number = Before.now() + ms) {
      super(time)
    }
    static override now(): number {
      return Before.now() + ms
    }
  } as DateConstructor
}
