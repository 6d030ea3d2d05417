/** What the browser keeps: `sessionStorage` of one tab, or `localStorage` of all. */
export class MemoryStorage implements Storage {
  readonly #items: Map<string, string>

  constructor(items: Iterable<readonly [string, string]> = []) {
    this.#items = new Map(items)
  }

  get length(): number {
    return this.#items.size
  }

  /** As a browser does it for a tab that is duplicated. */
  copy(): MemoryStorage {
    return new MemoryStorage(this.#items)
  }

  clear(): void {
    this.#items.clear()
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null
  }

  removeItem(key: string): void {
    this.#items.delete(key)
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, String(value))
  }
}
