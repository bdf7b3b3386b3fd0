import { grantedOperations } from '../access/operations';
import type { AccessOperation } from '../access/types';
import { type DaysByRule, judgeApprovals } from '../approvals/judgeApprovals';
import type { CompiledApprovalRule } from '../approvals/types';
import { contractOf } from '../contract';
import type { Cluster } from '../estate/types';
import { digestOf } from '../meaning/digest';
import { digestEnd, itemsOf } from '../meaning/edgeItems';
import { formatCallerRef, parseCallerRef } from '../model/callerRef';
import { daysUntil } from '../model/day';
import type { AccessPolicy, CatalogEntity, Grant } from '../model/types';
import { CatalogIndex } from '../plan/CatalogIndex';
import type { Edge } from '../plan/types';

/**
 * Declared grants at one moment.
 *
 * @public
 */
export interface ReviewableInput {
  /** declarations that parse */
  policies: readonly { policy: AccessPolicy }[];
  /** what was planned of them */
  edges: readonly Edge[];
  catalog: readonly CatalogEntity[];
  clusters: readonly Cluster[];
  rules: readonly CompiledApprovalRule[];
  /** the company's own interval of reviews, in days; absent: none */
  reviewEvery?: number;
  /** a day of UTC, from which the days of a grant are counted */
  today: string;
}

/**
 * What a declared grant stands for now, as somebody reviews it.
 *
 * @public
 */
export interface ReviewableGrant {
  api: string;
  /** full reference */
  caller: string;
  /** whom it lets in, sorted: the caller itself, or the members of the set that it is */
  callers: readonly string[];
  grant: Grant;
  operations: readonly AccessOperation[];
  /** does it open more than reading? */
  writes: boolean;
  /** clusters in which it opens something, sorted; empty: in none, because it has an error or nothing runs */
  clusters: readonly string[];
  /** equal exactly while the grant says the same, and stands for the same workloads, requests and layers */
  digest: string;
  /** the strictest interval of reviews that holds for it, in days; without `rule` it is the company's own */
  review?: { days: number; rule?: string };
}

/**
 * Declared grants with what each stands for and how often it is reviewed, by API, caller and id. Rules are asked as if
 * the grant were asked for anew today.
 *
 * @public
 */
export function reviewableGrants(input: ReviewableInput): ReviewableGrant[] {
  const { policies, catalog, edges } = input;
  const index = CatalogIndex.of(catalog);
  const planned = new Map<string, Edge[]>();
  for (const edge of edges) {
    const key = keyOf(edge.api, edge.grantId);
    const known = planned.get(key);
    if (known) known.push(edge);
    else planned.set(key, [edge]);
  }
  return policies
    .flatMap(({ policy: { metadata, spec } }) => {
      const contract = contractOf(index.get(spec.api), spec.api);
      return spec.grants.map((grant): ReviewableGrant => {
        const { api } = spec;
        const named = parseCallerRef(grant.caller, metadata.namespace);
        const caller = named ? formatCallerRef(named) : grant.caller;
        const own = planned.get(keyOf(api, grant.id)) ?? [];
        const operations = grantedOperations(grant.operations, contract);
        const review = reviewOf(input, { api, caller, grant, edges: own });
        return {
          ...{ api, caller, grant, operations },
          callers: sorted([caller, ...own.map(edge => edge.caller)]),
          writes: operations.some(({ writes }) => writes),
          clusters: sorted(own.map(({ cluster }) => cluster)),
          digest: digestOf({
            schemaVersion: 1,
            ...{ api, caller },
            grant: grant.id,
            operations: grant.operations,
            in: sorted(grant.in ?? []),
            acknowledges: sorted(grant.acknowledges ?? []),
            ...(grant.until !== undefined && { until: grant.until }),
            edges: own.map(edgeFacts).sort(byJson),
          }),
          ...(review && { review }),
        };
      });
    })
    .sort(
      (a, b) =>
        compare(a.api, b.api) ||
        compare(a.caller, b.caller) ||
        compare(a.grant.id, b.grant.id),
    );
}

function reviewOf(
  { rules, reviewEvery, today, catalog, clusters }: ReviewableInput,
  {
    api,
    caller,
    grant,
    edges,
  }: { api: string; caller: string; grant: Grant; edges: readonly Edge[] },
): ReviewableGrant['review'] {
  // Most companies have few rules with an interval: the others need not be asked.
  const asking = rules.filter(({ rule }) => rule.reviewEvery !== undefined);
  const byRule: DaysByRule | undefined =
    asking.length === 0
      ? undefined
      : judgeApprovals(asking, {
          ...{ api, caller, edges, catalog, clusters },
          acknowledges: grant.acknowledges ?? [],
          ...(grant.requestedBy && { requestedBy: grant.requestedBy }),
          ...(grant.until !== undefined && {
            days: Math.max(0, daysUntil(today, grant.until)),
          }),
        }).reviewEvery;
  if (byRule && (reviewEvery === undefined || byRule.days < reviewEvery))
    return { days: byRule.days, rule: byRule.rule };
  return reviewEvery === undefined ? undefined : { days: reviewEvery };
}

/** What of an edge is part of what a grant stands for. */
function edgeFacts(edge: Edge) {
  const { cluster, from, to, protocol, port, layers, gaps } = edge;
  return {
    ...{ cluster, protocol, port },
    from: digestEnd(from),
    to: digestEnd(to),
    requests: itemsOf(edge).map(({ text }) => text),
    layers: {
      kernel: layers.kernel,
      identity: layers.identity,
      method: layers.method,
    },
    gaps: sorted(gaps),
  };
}

/** Ids of grants have no blanks, and neither have references. */
function keyOf(api: string, grantId: string): string {
  return `${api} ${grantId}`;
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

function byJson(a: unknown, b: unknown): number {
  return compare(JSON.stringify(a), JSON.stringify(b));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
