/** What the browser keeps: `sessionStorage` of one tab, or `localStorage` of all. Its items are its own properties, as there. */
export class MemoryStorage implements Storage {
  [item: string]: unknown

  get length(): number {
    return Object.keys(this).length
  }

  /** As a browser does it for a tab that is duplicated. */
  copy(): MemoryStorage {
    return Object.assign(new MemoryStorage(), this)
  }

  clear(): void {
    for (const key of Object.keys(this)) delete this[key]
  }

  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? String(this[key]) : null
  }

  key(index: number): string | null {
    return Object.keys(this)[index] ?? null
  }

  removeItem(key: string): void {
    delete this[key]
  }

  setItem(key: string, value: string): void {
    this[key] = String(value)
  }
}
