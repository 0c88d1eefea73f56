// Owns the browser's way in: the page and the contract over HTTP and WebSocket on this machine
// only.
import { createHash, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ToPage, ToTill } from '#till/channel.ts';
import type { MessageEnd } from '#till/deviceContract.ts';
import { pageFile } from '#till/pageFiles.ts';
import { MESSAGE_BYTES_MAX } from '#till/serve.ts';

export interface LoopbackOptions {
  /** Folder of the built page. */
  readonly pageFolder: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** 32 random bytes as hex, made at each launch; travels in the address's fragment only. */
  readonly token: string;
  readonly attachPage: (end: MessageEnd<ToPage, ToTill>) => void;
}

export interface Loopback {
  /** What a browser opens, with the token in its fragment. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const PROTOCOL = 'puan';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function socketEnd(socket: WebSocket): MessageEnd<ToPage, ToTill> {
  // A message that breaks the protocol's limits: ws closes the socket after it has said so.
  socket.on('error', () => {});
  return {
    post: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => {
        let message: unknown;
        try {
          message = JSON.parse(String(data));
        } catch {
          message = null;
        }
        if (isBinary || message === null || typeof message !== 'object') return socket.close(1003);
        listener(message as ToTill);
      });
    },
    onClose: (listener) => void socket.on('close', listener),
    close: () => socket.close(),
  };
}

/** Refuses with a status line and ends the connection: no WebSocket is ever opened. */
function refuseUpgrade(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Starts the server on 127.0.0.1. Host, Origin and token are checked before anything answers. */
export async function startLoopback(options: LoopbackOptions): Promise<Loopback> {
  const expected = digest(options.token);
  const server = http.createServer();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    handleProtocols: () => PROTOCOL,
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  // A name that resolves here from elsewhere (DNS rebinding) carries another Host.
  const isOurHost = (request: http.IncomingMessage) => hosts.has(request.headers.host ?? '');

  server.on('request', async (request, response) => {
    if (!isOurHost(request)) {
      response.writeHead(421).end();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405).end();
      return;
    }
    const connect = [...hosts].map((host) => `ws://${host}`).join(' ');
    // A path that is none, such as `//`, may be asked for by any page: it must end nothing.
    const asked = URL.parse(request.url ?? '/', `http://127.0.0.1:${port}`);
    const file = await pageFile(options.pageFolder, asked?.pathname ?? '/%', connect);
    response.writeHead(file.status, file.headers).end(file.body);
  });

  server.on('upgrade', (request, socket: Socket, head) => {
    const { origin } = request.headers;
    if (!isOurHost(request)) return refuseUpgrade(socket, '421 Misdirected Request');
    // Browsers do not hold WebSockets to one origin; we do.
    const isOurOrigin = [...hosts].some((host) => origin === `http://${host}`);
    if (!isOurOrigin) return refuseUpgrade(socket, '403 Forbidden');
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',');
    const [name, token] = offered.map((part) => part.trim());
    if (name !== PROTOCOL || !timingSafeEqual(digest(token ?? ''), expected)) {
      return refuseUpgrade(socket, '401 Unauthorized');
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      options.attachPage(socketEnd(webSocket));
    });
  });

  return {
    address: `http://127.0.0.1:${port}/#token=${options.token}`,
    port,
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
