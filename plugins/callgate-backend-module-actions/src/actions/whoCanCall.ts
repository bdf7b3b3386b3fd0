import {
  accessReadPermission,
  type AccessRow,
  type ApiAccess,
} from '@callgate/plugin-callgate-common';
import { describeFinding } from '@callgate/plugin-callgate-node';
import { type ActionParts, READS } from './ActionParts';
import { entityField, operationText, toEntity } from './entities';

/** So many callers are listed; the rest is a number. */
const MOST = 100;

/** `who-can-call`: an API's access. */
export function registerWhoCanCall({ registry, callgate }: ActionParts): void {
  registry.register({
    name: 'who-can-call',
    title: 'Who can call an API',
    description: `Says which software can call an API of the catalog, by what was granted and by what the manifests of the clusters enforce.
Both can differ: "more" than granted, "declared" but not effective. It shows what the person who asks may see; others are counted and not named.
It reads manifests, not live traffic: nothing here says that a call was made. It changes nothing.`,
    attributes: READS,
    visibilityPermission: accessReadPermission,
    schema: {
      input: zod =>
        zod.object({
          api: zod
            .string()
            .describe('Entity ref of the API, such as api:default/orders'),
        }),
      output: zod =>
        zod.object({
          api: entityField(zod),
          owners: zod.array(entityField(zod)),
          answer: zod.string().describe('The answer in one sentence'),
          state: zod.enum([
            'open',
            'closed',
            'partly',
            'conditional',
            'unknown',
            'no-workload',
          ]),
          callers: zod.array(
            zod.object({
              caller: entityField(zod),
              compared: zod
                .enum(['granted', 'more', 'none', 'declared'])
                .describe(
                  'granted: as granted. more: it can do more than that. none: nothing was granted. declared: it cannot do what it was granted',
                ),
              certainty: zod.enum(['sure', 'conditional', 'unknown']),
              clusters: zod.array(zod.string()),
              grants: zod.array(
                zod.object({
                  id: zod
                    .string()
                    .describe('Empty where the caller is not visible'),
                  operations: zod.array(zod.string()),
                  status: zod.enum([
                    'granted',
                    'declared-not-effective',
                    'unknown',
                  ]),
                  because: zod.string(),
                  until: zod
                    .string()
                    .optional()
                    .describe('Last day, in UTC; absent: it has none'),
                }),
              ),
              withoutGrant: zod
                .array(
                  zod.object({
                    operations: zod.array(zod.string()),
                    clusters: zod.array(zod.string()),
                    because: zod.string(),
                  }),
                )
                .describe('What it can do and no grant explains'),
            }),
          ),
          moreCallers: zod
            .number()
            .describe('How many callers there are beside those in the list'),
          openRequests: zod
            .array(zod.object({ id: zod.string(), number: zod.number() }))
            .describe('Requests for access to it that are not decided'),
          findings: zod.array(zod.string()),
          readAt: zod.string().describe('When the manifests were read'),
          stale: zod
            .boolean()
            .describe('Whether something newer could not be read'),
          problem: zod.string().optional(),
        }),
    },
    action: async ({ input, credentials }) => ({
      output: toAnswer(await callgate.getApiAccess(input.api, credentials)),
    }),
  });
}

function toAnswer(access: ApiAccess) {
  const { headline, callers, source } = access;
  return {
    api: toEntity(access.api),
    owners: access.owners.map(toEntity),
    answer: headline.text,
    state: headline.state,
    callers: callers.slice(0, MOST).map(toCaller),
    moreCallers: Math.max(0, callers.length - MOST),
    openRequests: access.openRequests.map(({ id, number }) => ({ id, number })),
    findings: access.findings.map(describeFinding),
    readAt: source.readAt,
    stale: source.stale,
    ...(source.problem && { problem: source.problem }),
  };
}

function toCaller(row: AccessRow) {
  return {
    caller: toEntity(row.caller),
    compared: row.compared,
    certainty: row.certainty,
    clusters: row.clusters.map(({ cluster }) => cluster),
    grants: row.grants.map(({ id, operations, status, because, until }) => ({
      id,
      operations: operations.map(operationText),
      status,
      because,
      ...(until && { until }),
    })),
    withoutGrant: row.beyond.map(({ operations, clusters, because }) => ({
      operations: operations.map(operationText),
      clusters,
      because,
    })),
  };
}
