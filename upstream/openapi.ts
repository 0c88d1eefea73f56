// Owns the OpenAPI 3.1 description, made from the schemas that validate.

import * as z from 'zod/mini';
import { errorReply, PROTOCOL_VERSION } from '#sync/protocol.ts';
import { type Route, routes } from '#upstream/routes.ts';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

/** OpenAPI 3.1 speaks JSON Schema 2020-12 itself. */
function schemaOf(schema: z.ZodMiniType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}

function parametersOf(schema: z.ZodMiniType, place: 'path' | 'query'): readonly object[] {
  const { properties = {}, required = [] } = schemaOf(schema) as JsonSchema;
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: one,
  }));
}

const json = (schema: object) => ({ content: { 'application/json': { schema } } });

function operationOf(route: Route): object {
  const words = route.path
    .replaceAll(/[^A-Za-z]+/g, ' ')
    .trim()
    .split(' ');
  const security = { none: [], admin: [{ admin: [] }], till: [{ till: [] }] };
  return {
    operationId: [route.method.toLowerCase(), ...words].join('-'),
    summary: route.summary,
    security: security[route.auth === 'any-till' ? 'till' : route.auth],
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
    ...(route.body === null
      ? {}
      : { requestBody: { required: true, ...json(schemaOf(route.body)) } }),
    responses: {
      '200': { description: 'Done', ...json(schemaOf(route.reply)) },
      default: {
        description: 'Refused',
        ...json({ $ref: '#/components/schemas/Error' }),
      },
    },
  };
}

/** Served at /openapi.json. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    path[route.method.toLowerCase()] = operationOf(route);
    paths[route.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Puan head office', version: `${PROTOCOL_VERSION}.0.0` },
    paths,
    components: {
      schemas: { Error: schemaOf(errorReply) },
      securitySchemes: {
        till: {
          type: 'http',
          scheme: 'bearer',
          description: 'Token of the till named in the path',
        },
        admin: { type: 'http', scheme: 'bearer', description: 'Token of the administrator' },
      },
    },
  };
}
