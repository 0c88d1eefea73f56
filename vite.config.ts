// Owns how the page is built: for the oldest Chromium we run in, with a mark for the CSP nonce.
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react(), tailwindcss()],
  // till/pageFiles.ts puts a fresh nonce here for each answer: React Aria adds a style element.
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // One file from the disk: splitting it would only add requests before the first sale.
    chunkSizeWarningLimit: 1_000,
  },
});
