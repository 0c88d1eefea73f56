// Owns the demo's second window: a page on this machine that shows the virtual printer's paper as
// it comes out, and lets a hand take the paper out, open the cover and pull the plug.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Paper, paperText } from '#drivers/virtual/paper.ts';
import { paperSvg } from '#drivers/virtual/paperSvg.ts';
import type { VirtualPrinter } from '#drivers/virtual/printer.ts';

export interface PaperWindow {
  /** What a browser opens, with the token in its fragment. */
  readonly address: string;
  close(): Promise<void>;
}

/** Some 40 cm of paper: what came out before is out of sight. */
const ITEMS_SHOWN = 120;
/** A request that nothing answers for so long is answered with what there is. */
const WAIT_MS = 20_000;
const BODY_BYTES_MAX = 1_000;
const HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Null when the body is too long or no JSON object, or when its page went away in the middle. */
async function readBody(request: http.IncomingMessage): Promise<Record<string, unknown> | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > BODY_BYTES_MAX) return null;
      chunks.push(chunk);
    }
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** What the page draws, and a number that grows whenever it changes. */
class Watched {
  readonly #printer: VirtualPrinter;
  readonly #waiting = new Set<() => void>();
  #revision = 0;

  constructor(printer: VirtualPrinter) {
    this.#printer = printer;
    printer.onEvent(() => this.change());
  }

  change(): void {
    this.#revision += 1;
    this.release();
  }

  release(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** At once when the page is behind; else at the next change. */
  async after(revision: number): Promise<string> {
    if (revision === this.#revision) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => wake(), WAIT_MS);
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
    const { widthDots, items } = this.#printer.paper();
    const shown: Paper = { widthDots, items: items.slice(-ITEMS_SHOWN) };
    const { isPaperOut, isCoverOpen } = this.#printer.conditions;
    return JSON.stringify({
      revision: this.#revision,
      hand: { isPaperOut, isCoverOpen, isOff: this.#printer.isOff },
      svg: paperSvg(shown),
      text: paperText(shown),
    });
  }

  /** False for a hand that does something else. */
  act(name: unknown, isOn: boolean): boolean {
    if (name === 'isPaperOut') this.#printer.set({ isPaperOut: isOn });
    else if (name === 'isCoverOpen') this.#printer.set({ isCoverOpen: isOn });
    else if (name === 'isOff' && isOn) this.#printer.powerOff();
    else if (name === 'isOff') this.#printer.powerOn();
    else return false;
    this.change();
    return true;
  }
}

/** Starts on a free port of 127.0.0.1. Host, Origin and token are checked before anything acts. */
export async function startPaperWindow(printer: VirtualPrinter): Promise<PaperWindow> {
  const page = await readFile(new URL('paperWindow.html', import.meta.url), 'utf8');
  const token = randomBytes(32).toString('hex');
  const expected = digest(`Bearer ${token}`);
  const watched = new Watched(printer);
  const server = http.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];

  /** Why a request may not act; null when it may. */
  function refusalOf(request: http.IncomingMessage): number | null {
    const { origin, authorization } = request.headers;
    if (!hosts.some((host) => origin === `http://${host}`)) return 403;
    return timingSafeEqual(digest(authorization ?? ''), expected) ? null : 401;
  }

  async function answer(request: http.IncomingMessage): Promise<[number, string, string]> {
    // A name that resolves here from elsewhere (DNS rebinding) carries another Host.
    if (!hosts.includes(request.headers.host ?? '')) return [421, 'text/plain', ''];
    if (request.method === 'GET' && request.url === '/') return [200, 'text/html', page];
    if (request.method !== 'POST') return [405, 'text/plain', ''];
    const refusal = refusalOf(request);
    if (refusal !== null) return [refusal, 'text/plain', ''];
    const body = await readBody(request);
    if (body === null) return [400, 'text/plain', ''];
    if (request.url === '/paper') {
      return [200, 'application/json', await watched.after(Number(body['after']))];
    }
    const isDone = request.url === '/hand' && watched.act(body['name'], body['isOn'] === true);
    return isDone ? [200, 'application/json', '{}'] : [404, 'text/plain', ''];
  }

  server.on('request', async (request, response) => {
    const [status, type, body] = await answer(request);
    const nonce = randomBytes(16).toString('base64');
    response.writeHead(status, {
      ...HEADERS,
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Security-Policy':
        `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; ` +
        "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    });
    response.end(type === 'text/html' ? body.replaceAll('__NONCE__', nonce) : body);
  });

  return {
    address: `http://127.0.0.1:${port}/#token=${token}`,
    close: () =>
      new Promise((resolve) => {
        watched.release();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
