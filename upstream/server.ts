// Owns the HTTP server of head office: tokens, limits, checked input, refusals in one form.
import path from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import * as z from 'zod/mini';
import type { ErrorReply } from '#sync/protocol.ts';
import { PROTOCOL_VERSION, REQUEST_BYTES_MAX } from '#sync/protocol.ts';
import { openApiDocument } from '#upstream/openapi.ts';
import { type Route, routes } from '#upstream/routes.ts';
import { SqliteStore } from '#upstream/sqlite.ts';

export interface HeadOfficeOptions {
  /** The books' file; made when there is none. */
  readonly databasePath: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** ms since 1970. */
  readonly nowMs: () => number;
  /** One line a refusal or fault; never a body, a card number or a token. */
  readonly log: (line: string) => void;
}

export interface HeadOffice {
  /** Without a slash at the end. */
  readonly url: string;
  /** The books themselves, for the first start and for tests. */
  readonly store: SqliteStore;
  close(): Promise<void>;
}

const STATUS_OF_CODE: Readonly<Record<ErrorReply['code'], number>> = {
  unauthorised: 401,
  'invalid-request': 400,
  gap: 409,
  'hash-mismatch': 409,
  conflict: 409,
  'epoch-unknown': 409,
  'version-mismatch': 409,
  'too-large': 413,
  unavailable: 503,
  'not-found': 404,
};

const TOKEN_LENGTH_MAX = 200;
const IDLE_MS_MAX = 30_000;

async function refuse(reply: FastifyReply, refusal: ErrorReply): Promise<FastifyReply> {
  return await reply.code(STATUS_OF_CODE[refusal.code]).send(refusal);
}

async function isAllowed(
  { auth }: Route,
  request: FastifyRequest,
  store: SqliteStore,
): Promise<boolean> {
  if (auth === 'none') return true;
  const token = /^Bearer ([A-Za-z0-9_-]+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined || token.length > TOKEN_LENGTH_MAX) return false;
  if (auth === 'admin') return store.isAdminToken(token);
  if (auth === 'any-till') return store.isAnyTillToken(token);
  const { id } = request.params as { readonly id: string };
  return store.isTillToken(id, token);
}

/** Bodies may come compressed; the limit counts what they unpack to. */
function unpack(request: FastifyRequest, payload: Readable): Readable {
  if (request.headers['content-encoding'] !== 'gzip') return payload;
  const unpacked = Object.assign(createGunzip(), { receivedEncodedLength: 0 });
  payload.on('data', (chunk: Buffer) => {
    unpacked.receivedEncodedLength += chunk.length;
  });
  payload.on('error', (error) => unpacked.destroy(error));
  return payload.pipe(unpacked);
}

function isOtherVersion(body: unknown): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    'protocolVersion' in body &&
    typeof body.protocolVersion === 'number' &&
    body.protocolVersion !== PROTOCOL_VERSION
  );
}

function checked(route: Route, request: FastifyRequest) {
  if (isOtherVersion(request.body)) {
    const message = `head office speaks version ${PROTOCOL_VERSION}`;
    return { ok: false, error: { code: 'version-mismatch', message } } as const;
  }
  const whole = z.safeParse(
    z.object({
      params: route.params,
      query: route.query,
      ...(route.body === null ? {} : { body: route.body }),
    }),
    { params: request.params, query: request.query, body: request.body },
  );
  if (whole.success) return { ok: true, value: whole.data } as const;
  const message = z.prettifyError(whole.error).slice(0, 1000);
  return { ok: false, error: { code: 'invalid-request', message } } as const;
}

function addRoute(
  app: FastifyInstance,
  route: Route,
  options: HeadOfficeOptions,
  store: SqliteStore,
) {
  app.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    // Before the body is read: a stranger may not make this server unpack anything.
    onRequest: async (request, reply) => {
      if (await isAllowed(route, request, store)) return;
      await refuse(reply, { code: 'unauthorised', message: 'the token does not open this' });
    },
    handler: async (request, reply) => {
      const input = checked(route, request);
      if (!input.ok) return refuse(reply, input.error);
      const result = await route.answer({ ...input.value, nowMs: options.nowMs(), store });
      if (result.ok) return reply.send(result.value);
      options.log(`refused ${route.method} ${request.url} ${result.error.code}`);
      return refuse(reply, result.error);
    },
  });
}

function refusalOf(error: { readonly statusCode?: number; readonly message: string }): ErrorReply {
  if (error.statusCode === 413) return { code: 'too-large', message: error.message };
  const isFault = error.statusCode === undefined || error.statusCode >= 500;
  if (isFault) return { code: 'unavailable', message: 'head office could not do this now' };
  return { code: 'invalid-request', message: error.message };
}

/** Opens the books and listens. Throws when it cannot: the reason is the operating system's. */
export async function startHeadOffice(options: HeadOfficeOptions): Promise<HeadOffice> {
  const store = new SqliteStore(path.resolve(options.databasePath));
  const app = Fastify({
    bodyLimit: REQUEST_BYTES_MAX,
    requestTimeout: IDLE_MS_MAX,
    forceCloseConnections: true,
  });
  app.addHook('preParsing', (request, _reply, payload, done) => {
    done(null, unpack(request, payload as Readable));
  });
  app.setErrorHandler(
    async (error: Error & { readonly statusCode?: number; code?: string }, request, reply) => {
      // A damaged gzip stream is the sender's fault, not ours.
      const isDamaged = error.code?.startsWith('Z_') === true;
      const refusal = refusalOf(isDamaged ? { statusCode: 400, message: error.message } : error);
      options.log(`failed ${request.method} ${request.url} ${error.message}`);
      await refuse(reply, refusal);
    },
  );
  app.setNotFoundHandler(async (_request, reply) => {
    await refuse(reply, { code: 'not-found', message: 'no such address' });
  });
  for (const route of routes) addRoute(app, route, options, store);
  const description = openApiDocument();
  app.get('/openapi.json', () => description);
  try {
    const url = await app.listen({ port: options.port, host: options.host });
    return {
      url,
      store,
      close: async () => {
        await app.close();
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}
