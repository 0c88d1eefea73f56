// Owns the list of head office's routes: address, who may call it, schemas, and what answers.

import * as z from 'zod/mini';
import { failure, type Result, success } from '#loyalty/result.ts';
import {
  membersReply,
  PAGE_ROWS_MAX,
  productsReply,
  programmesReply,
  pushReply,
  pushRequest,
  registerReply,
  registerRequest,
  reservationReply,
  reservationRequest,
} from '#sync/protocol.ts';
import * as admin from '#upstream/adminProtocol.ts';
import type { Awaitable, FeedForm, HeadOfficeStore, Refusal } from '#upstream/store.ts';

const numberText = z.string().check(z.regex(/^\d{1,15}$/));
const tillParams = z.strictObject({ id: admin.tillIdentifier });
const memberParams = z.strictObject({ id: admin.identifier });
const nothing = z.strictObject({});
const pageQuery = z.strictObject({
  after: z.optional(numberText),
  limit: z.optional(numberText),
  /** Which of the till's epochs asks; without it the newest. */
  epoch: z.optional(numberText),
  /** The form of the feed that the till reads; absent: 1. */
  form: z.optional(z.enum(['1', '2'])),
});

type Schema = z.ZodMiniType;

/** What a handler is given, checked by the route's schemas. */
interface Input<Params extends Schema, Query extends Schema, Body extends Schema> {
  readonly params: z.infer<Params>;
  readonly query: z.infer<Query>;
  readonly body: z.infer<Body>;
  readonly nowMs: number;
  readonly store: HeadOfficeStore;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Parameters as `{id}`. */
  readonly path: string;
  readonly summary: string;
  /** A till's token opens its own addresses alone. */
  readonly auth: 'till' | 'any-till' | 'admin' | 'none';
  readonly params: Schema;
  readonly query: Schema;
  readonly body: Schema | null;
  readonly reply: Schema;
  /** `input` has passed the schemas of this route. */
  readonly answer: (input: unknown) => Awaitable<Result<unknown, Refusal>>;
}

function route<
  Reply extends Schema,
  Params extends Schema = typeof nothing,
  Query extends Schema = typeof nothing,
  Body extends Schema = typeof nothing,
>(definition: {
  readonly method: Route['method'];
  readonly path: string;
  readonly summary: string;
  readonly auth: Route['auth'];
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly reply: Reply;
  readonly answer: (
    input: Input<Params, Query, Body>,
  ) => Awaitable<Result<z.infer<Reply>, Refusal>>;
}): Route {
  return {
    ...definition,
    params: definition.params ?? nothing,
    query: definition.query ?? nothing,
    body: definition.body ?? null,
    answer: (input) => definition.answer(input as Input<Params, Query, Body>),
  };
}

function page(query: z.infer<typeof pageQuery>) {
  const limit = Math.max(1, Math.min(Number(query.limit ?? PAGE_ROWS_MAX), PAGE_ROWS_MAX));
  const epoch = query.epoch === undefined ? null : Number(query.epoch);
  const form: FeedForm = query.form === '2' ? 2 : 1;
  return { after: Number(query.after ?? 0), limit, epoch, form };
}

const withTime = <T>(result: Result<T, Refusal>, serverTimeMs: number) =>
  result.ok ? success({ ...result.value, serverTimeMs }) : result;

const tillRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/tills/{id}/register',
    summary: 'Tell a till its position, or open a new epoch',
    auth: 'till',
    params: tillParams,
    body: registerRequest,
    reply: registerReply,
    answer: async ({ store, params, body, nowMs }) =>
      withTime(await store.register(params.id, body), nowMs),
  }),
  route({
    method: 'POST',
    path: '/v1/tills/{id}/push',
    summary: 'Store the next entries of a journal',
    auth: 'till',
    params: tillParams,
    body: pushRequest,
    reply: pushReply,
    answer: async ({ store, params, body, nowMs }) =>
      withTime(await store.push(params.id, body, nowMs), nowMs),
  }),
  route({
    method: 'POST',
    path: '/v1/tills/{id}/reservations',
    summary: 'Set points aside for a reward',
    auth: 'till',
    params: tillParams,
    body: reservationRequest,
    reply: reservationReply,
    answer: ({ store, params, body }) => store.reserve(params.id, body),
  }),
  route({
    method: 'GET',
    path: '/v1/tills/{id}/members',
    summary: 'Members that changed, with balances as of this till’s journal',
    auth: 'till',
    params: tillParams,
    query: pageQuery,
    reply: membersReply,
    answer: async ({ store, params, query, nowMs }) =>
      withTime(success(await store.readMembers(params.id, page(query))), nowMs),
  }),
  route({
    method: 'GET',
    path: '/v1/tills/{id}/products',
    summary: 'Products that changed',
    auth: 'till',
    params: tillParams,
    query: pageQuery,
    reply: productsReply,
    answer: async ({ store, query }) => {
      const { after, limit, form } = page(query);
      const { rows, ...rest } = await store.readProducts(after, limit, form);
      return success({ products: [...rows], ...rest });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/programmes',
    summary: 'Programme files that were published',
    auth: 'any-till',
    query: pageQuery,
    reply: programmesReply,
    answer: async ({ store, query }) => {
      const { after, limit } = page(query);
      const { rows, ...rest } = await store.readProgrammes(after, limit);
      return success({ programmes: [...rows], ...rest });
    },
  }),
];

const DONE = success({ isDone: true } as const);

const adminRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/tills',
    summary: 'Add a till; its token is shown once',
    auth: 'admin',
    body: admin.tillInput,
    reply: admin.tillReply,
    answer: async ({ store, body, nowMs }) => {
      const token = await store.addTill(body.tillId, nowMs);
      if (token !== null) return success({ tillId: body.tillId, token });
      return failure({ code: 'conflict', message: `till ${body.tillId} exists` });
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/members/{id}',
    summary: 'Add a member or change its card, name or blocking',
    auth: 'admin',
    params: memberParams,
    body: admin.memberInput,
    reply: admin.memberBooks,
    answer: ({ store, params, body }) => store.putMember(params.id, body),
  }),
  route({
    method: 'GET',
    path: '/v1/members/{id}',
    summary: 'A member and the sums of its accounts',
    auth: 'admin',
    params: memberParams,
    reply: admin.memberBooks,
    answer: async ({ store, params }) => {
      const books = await store.readMember(params.id);
      if (books !== null) return success(books);
      return failure({ code: 'not-found', message: `no member ${params.id}` });
    },
  }),
  route({
    method: 'POST',
    path: '/v1/adjustments',
    summary: 'Give or take points, once for each key',
    auth: 'admin',
    body: admin.adjustmentRequest,
    reply: admin.memberBooks,
    answer: ({ store, body, nowMs }) => store.adjust(body, nowMs),
  }),
  route({
    method: 'PUT',
    path: '/v1/programmes',
    summary: 'Publish programme files',
    auth: 'admin',
    body: admin.programmesInput,
    reply: admin.doneReply,
    answer: async ({ store, body }) => {
      const result = await store.putProgrammes(body.documents);
      return result.ok ? DONE : result;
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/products',
    summary: 'Add or change products',
    auth: 'admin',
    body: admin.productsInput,
    reply: admin.doneReply,
    answer: async ({ store, body }) => {
      await store.putProducts(body.products);
      return DONE;
    },
  }),
  route({
    method: 'GET',
    path: '/v1/tills/{id}/journal',
    summary: 'What a till sent, with what became of it',
    auth: 'admin',
    params: tillParams,
    query: pageQuery,
    reply: admin.journalReply,
    answer: async ({ store, params, query }) => {
      if (!(await store.hasTill(params.id))) {
        return failure({ code: 'not-found', message: `no till ${params.id}` });
      }
      const { after, limit } = page(query);
      return success(await store.readJournal(params.id, after, limit));
    },
  }),
  route({
    method: 'GET',
    path: '/v1/totals',
    summary: 'The sums of the books, and which of them do not agree',
    auth: 'admin',
    reply: admin.totalsReply,
    answer: async ({ store }) => success(await store.readTotals()),
  }),
];

export const routes: readonly Route[] = [
  ...tillRoutes,
  ...adminRoutes,
  route({
    method: 'GET',
    path: '/healthz',
    summary: 'Says that head office runs',
    auth: 'none',
    reply: admin.healthReply,
    answer: () => success({ isHealthy: true } as const),
  }),
];
