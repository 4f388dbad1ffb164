import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { precompress } from './precompress.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  plugins: [
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      routesDirectory: here('src/routes'),
      generatedRouteTree: here('src/route-tree.gen.ts'),
      addExtensions: true,
      quoteStyle: 'single',
      disableLogging: true,
    }),
    react(),
    tailwindcss(),
    precompress(),
  ],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    manifest: true,
    sourcemap: true,
    // The content security policy allows scripts of this origin only; the polyfill would be an inline script.
    modulePreload: { polyfill: false },
    // Small files stay files: `data:` URLs would need an exception in the content security policy.
    assetsInlineLimit: 0,
  },
  server: {
    // `npm run dev` serves the API on its default port; sockets connect where /api/config says.
    proxy: { '/api': 'http://127.0.0.1:3000' },
  },
})
