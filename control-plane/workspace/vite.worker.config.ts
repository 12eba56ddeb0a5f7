import { defineConfig } from 'vite';

// The service worker is one classic script without imports: the server prepends one line that carries the digest and
// the origins that this session's organization may reach, and serves it as /sw.js (see README, "What the server does").
export default defineConfig({
  publicDir: false,
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    outDir: 'dist',
    emptyOutDir: false,
    sourcemap: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: 'src/media/worker/sw.ts',
      output: { format: 'iife', entryFileNames: 'sw.js' },
    },
  },
});
