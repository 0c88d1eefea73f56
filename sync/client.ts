// Owns the line to head office: one request, one checked answer, every failure named.
import { gzipSync } from 'node:zlib';
import type * as z from 'zod/mini';
import { failure, type Result, success } from '#loyalty/result.ts';
import {
  type ErrorReply,
  errorReply,
  type MembersReply,
  membersReply,
  PROTOCOL_VERSION,
  type PushReply,
  type PushRequest,
  productsReply,
  programmesReply,
  pushReply,
  type RegisterReply,
  type ReservationReply,
  registerReply,
  reservationReply,
} from '#sync/protocol.ts';

/** A batch or a page of members may take this long; a till waits for none of them. */
export const REQUEST_TIMEOUT_MS = 20_000;
/** A cashier waits for this one (issue: when the reward is put into the basket). */
export const RESERVATION_TIMEOUT_MS = 1_500;
/** Smaller bodies gain nothing from gzip. */
const GZIP_BYTES_MIN = 1_024;

export type SyncFailure =
  /** Nobody answered. `wasSent` false: it is certain that nothing arrived. */
  | { readonly kind: 'network'; readonly wasSent: boolean; readonly detail: string }
  /** Head office said no, in its own words. */
  | { readonly kind: 'refused'; readonly reply: ErrorReply }
  /** Something answered, but not as head office does. */
  | { readonly kind: 'protocol'; readonly detail: string };

export type Answer<T> = Promise<Result<T, SyncFailure>>;

export interface HeadOfficeClient {
  register(
    request: { readonly epoch: number; readonly newEpochFrom: number | null; requestId: string },
    signal: AbortSignal,
  ): Answer<RegisterReply>;
  push(request: PushRequest, signal: AbortSignal): Answer<PushReply>;
  reserve(request: {
    readonly reservationId: string;
    readonly memberId: string;
    readonly points: number;
  }): Answer<ReservationReply>;
  /** Balances come as of this till's position in `epoch`. */
  members(after: number, epoch: number, signal: AbortSignal): Answer<MembersReply>;
  products(after: number, signal: AbortSignal): Answer<z.infer<typeof productsReply>>;
  programmes(after: number, signal: AbortSignal): Answer<z.infer<typeof programmesReply>>;
}

export interface ClientOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly tillId: string;
  readonly token: string;
  readonly fetch: typeof globalThis.fetch;
}

/** Codes of a connection that was never made: nothing can have arrived. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function networkFailure(error: unknown): SyncFailure {
  const cause = error instanceof Error ? error.cause : undefined;
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return { kind: 'network', wasSent: !NEVER_SENT.has(code), detail: `${String(error)} ${code}` };
}

async function readAnswer<Schema extends z.ZodMiniType>(
  response: Response,
  schema: Schema,
): Answer<z.infer<Schema>> {
  let value: unknown;
  // A proxy's own page about a head office that is down passes by itself.
  if (response.status >= 500) {
    return failure({ kind: 'network', wasSent: true, detail: `HTTP ${response.status}` });
  }
  try {
    value = JSON.parse(await response.text());
  } catch (error) {
    return failure({ kind: 'protocol', detail: `HTTP ${response.status}: ${String(error)}` });
  }
  if (response.ok) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return success(parsed.data);
    const issue = parsed.error.issues[0];
    return failure({ kind: 'protocol', detail: `${issue?.path.join('.')}: ${issue?.message}` });
  }
  const refused = errorReply.safeParse(value);
  if (refused.success) return failure({ kind: 'refused', reply: refused.data });
  return failure({ kind: 'protocol', detail: `HTTP ${response.status}` });
}

export function createClient(options: ClientOptions): HeadOfficeClient {
  const till = `/v1/tills/${encodeURIComponent(options.tillId)}`;

  async function call<Schema extends z.ZodMiniType>(
    path: string,
    body: unknown,
    schema: Schema,
    signal: AbortSignal,
  ): Answer<z.infer<Schema>> {
    const headers: Record<string, string> = { Authorization: `Bearer ${options.token}` };
    const request: RequestInit = { method: 'GET', headers, signal, redirect: 'error' };
    if (body !== null) {
      const text = JSON.stringify(body);
      request.method = 'POST';
      headers['Content-Type'] = 'application/json';
      request.body = text;
      if (text.length >= GZIP_BYTES_MIN) {
        headers['Content-Encoding'] = 'gzip';
        request.body = gzipSync(text, { level: 1 });
      }
    }
    try {
      return await readAnswer(await options.fetch(`${options.url}${path}`, request), schema);
    } catch (error) {
      // A reply that breaks off in the middle ends here too: it was sent, its outcome is unknown.
      return failure(networkFailure(error));
    }
  }

  const within = (signal: AbortSignal) =>
    AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);

  return {
    register: (request, signal) =>
      call(
        `${till}/register`,
        { protocolVersion: PROTOCOL_VERSION, ...request },
        registerReply,
        within(signal),
      ),
    push: (request, signal) => call(`${till}/push`, request, pushReply, within(signal)),
    reserve: (request) =>
      call(
        `${till}/reservations`,
        request,
        reservationReply,
        AbortSignal.timeout(RESERVATION_TIMEOUT_MS),
      ),
    members: (after, epoch, signal) =>
      call(
        `${till}/members?after=${after}&limit=500&epoch=${epoch}&form=2`,
        null,
        membersReply,
        within(signal),
      ),
    products: (after, signal) =>
      call(`${till}/products?after=${after}&form=2`, null, productsReply, within(signal)),
    programmes: (after, signal) =>
      call(`/v1/programmes?after=${after}`, null, programmesReply, within(signal)),
  };
}
