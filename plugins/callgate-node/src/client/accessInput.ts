import type { AccessRequestDraft } from '@callgate/plugin-callgate-common';
import type { z } from 'zod/v3';
import { readRef } from './readRef';

/**
 * What is to be asked for, as templates and models write it.
 *
 * @public
 */
export interface AccessInput {
  /** Entity ref of the API; without a kind it is an API's. */
  api: string;
  /** Entity ref of the caller; without a kind it is a component's. */
  caller: string;
  /** Operations as an AccessPolicy writes them; a text is the id of one. */
  operations: (string | AccessRequestDraft['operations'][number])[];
  /** Names of clusters; absent: wherever both run. */
  in?: string[];
  /** Last day, such as 2027-03-01, in UTC. */
  until?: string;
  /** Gaps that are accepted, such as `method-not-enforced`. */
  acknowledges?: string[];
}

/**
 * The fields of {@link AccessInput} for the schema of an action.
 *
 * @public
 */
export function accessInputFields(zod: typeof z) {
  const port = zod.object({ port: zod.number().int() }).strict();
  const names = () => zod.array(zod.string());
  return {
    api: zod
      .string()
      .describe('Entity ref of the API, such as api:default/orders'),
    caller: zod
      .string()
      .describe(
        'Entity ref of what is to call it, such as component:default/checkout',
      ),
    operations: zod
      .array(
        zod.union([
          zod.string(),
          zod.object({ id: zod.string() }).strict(),
          zod
            .object({
              http: zod.object({ methods: names(), paths: names() }).strict(),
            })
            .strict(),
          zod
            .object({
              grpc: zod
                .object({ service: zod.string(), methods: names().optional() })
                .strict(),
            })
            .strict(),
          zod.object({ tcp: port }).strict(),
          zod.object({ udp: port }).strict(),
          zod.object({ sctp: port }).strict(),
        ]),
      )
      .min(1)
      .describe(
        'What it is to call: ids of operations of the API, or http, grpc, tcp, udp or sctp as an AccessPolicy writes them, such as {"http": {"methods": ["GET"], "paths": ["/orders/{id}"]}}',
      ),
    in: names()
      .optional()
      .describe('Names of clusters. Without it: wherever both run'),
    until: zod
      .string()
      .optional()
      .describe('Last day of the access, such as 2027-03-01, in UTC'),
    acknowledges: names()
      .optional()
      .describe(
        'Gaps of the enforcement that are accepted, such as method-not-enforced. The preview says which there are',
      ),
  };
}

/**
 * The draft of a request.
 *
 * @throws InputError for a text that is no entity ref
 *
 * @public
 */
export function toDraft(
  input: AccessInput & { reason?: string },
): AccessRequestDraft {
  const { api, caller, operations, until, acknowledges, reason } = input;
  return {
    api: readRef(api, 'api'),
    caller: readRef(caller, 'component'),
    operations: operations.map(operation =>
      typeof operation === 'string' ? { id: operation } : operation,
    ),
    ...(input.in && { in: input.in }),
    ...(until !== undefined && { until }),
    ...(acknowledges && { acknowledges }),
    ...(reason !== undefined && { reason }),
  };
}
