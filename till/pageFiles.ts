// Owns what a page may load: the built renderer's files, each with strict headers.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

const HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
};

/**
 * The mark in index.html that Vite leaves for a nonce made per answer (React Aria adds a style).
 */
const NONCE_MARK = '__NONCE__';

export interface PageFile {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

function contentSecurityPolicy(nonce: string, connectSource: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src ${connectSource}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function refusal(status: number): PageFile {
  return { status, headers: HEADERS, body: '' };
}

/** Serves files below `root` only, of known types only. `connectSource` is a CSP source list. */
export async function pageFile(
  root: string,
  pathname: string,
  connectSource: string,
): Promise<PageFile> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return refusal(400);
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return refusal(400);
  const wanted = decoded === '/' ? '/index.html' : path.posix.normalize(decoded);
  const file = path.resolve(root, `.${wanted}`);
  const type = TYPES[path.extname(file)];
  if (!file.startsWith(path.resolve(root) + path.sep) || type === undefined) return refusal(404);
  let body: Buffer;
  try {
    body = await readFile(file);
  } catch {
    return refusal(404);
  }
  const headers = { ...HEADERS, 'Content-Type': type };
  if (path.extname(file) !== '.html') return { status: 200, headers, body };
  const nonce = randomBytes(16).toString('base64');
  return {
    status: 200,
    headers: {
      ...headers,
      'Content-Security-Policy': contentSecurityPolicy(nonce, connectSource),
    },
    body: body.toString('utf8').replaceAll(NONCE_MARK, nonce),
  };
}
