import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    environment: 'node',
    // Modules as Node.js has them: Vite's look each import up anew, which takes longer than some of what is measured.
    experimental: { viteModuleRunner: false },
  },
})
