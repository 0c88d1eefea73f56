// Owns building the test page and serving it with the product's own headers.
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { pageFile } from '#till/pageFiles.ts';

export interface ServedScreens {
  readonly address: string;
  close(): Promise<void>;
}

/** The same build as the product's, with the test page as its entry; about two seconds. */
export async function serveScreens(): Promise<ServedScreens> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'puan-screens-'));
  const root = path.dirname(fileURLToPath(import.meta.url));
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    base: './',
    plugins: [react(), tailwindcss()],
    html: { cspNonce: '__NONCE__' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'chrome130',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2000,
      rollupOptions: { input: path.join(root, 'screens.html') },
    },
  });
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = await pageFile(outDir, pathname, "'none'");
    response.writeHead(file.status, file.headers).end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/screens.html`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(outDir, { recursive: true });
    },
  };
}
