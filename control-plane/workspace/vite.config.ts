import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Nothing is inlined (no data: addresses, no inline script or style), so that the page's policy can stay `'self'`.
export default defineConfig({
  plugins: [react()],
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    outDir: 'dist',
    // The page that asks for the private network stands alone, under a policy of its own.
    rollupOptions: { input: { index: 'index.html', connect: 'connect.html' } },
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    setupFiles: ['scripts/speakEnglish.ts'],
    restoreMocks: true,
  },
});
