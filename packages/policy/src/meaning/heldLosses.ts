import type { HeldGrant } from '../compile/types';
import { answerOr } from '../requestset/budget';
import type { RequestSet } from '../requestset/RequestSet';
import { toAccessRanges } from '../requestset/toAccessRanges';
import type { AccessRange, HttpEntry } from '../requestset/types';
import type { Edge, Isolation } from '../plan/types';
import { heldKey } from '../plan/types';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import { requestsOf } from '../verify/requestsOf';
import type { ChangedItems, EdgeComparison } from './compareEdges';
import {
  ANY_METHOD,
  distinctItems,
  type EdgeItem,
  EVERYTHING,
  httpItem,
} from './edgeItems';
import type { MeaningInput } from './types';
import { clustersOf } from './worldOf';

/**
 * What callers of held grants lose by the change beside what it takes from declared ones. A held grant keeps what it names; where
 * nothing tells whether something was its own, or another's that has ended, it goes, and whoever approves the change reads it.
 */
export function heldLosses(
  input: MeaningInput,
  known: EdgeComparison,
): ChangedItems[] {
  const { before, after, api } = input;
  const grants = new Map(
    [...before.compilation.held, ...after.compilation.held]
      .filter(each => each.api === api)
      .map(each => [heldKey(each.api, each.grantId), each]),
  );
  const callers = [...grants.keys()].flatMap(key => callersOf(input, key));
  if (callers.length === 0) return [];
  const earlier = indexes(before);
  const later = indexes(after);
  const told = new Set<string>();
  return callers.flatMap(({ grant, cluster, workload }) =>
    closedBy(input, cluster).flatMap(isolation => {
      const pair = [cluster, workload, isolation.workload.id] as const;
      const key = JSON.stringify(pair);
      const had = earlier.get(cluster)?.pair(pair[1], pair[2]).possible;
      const has = later.get(cluster)?.pair(pair[1], pair[2]).possible;
      if (told.has(key) || !had || !has) return [];
      told.add(key);
      return lostBy(grant, workload, isolation, () =>
        known.lost
          .filter(({ edge }) => isOf(edge, pair))
          .reduce(
            (left, { edge }) => left.subtract(requestsOf(edge)),
            had.subtract(has),
          ),
      );
    }),
  );
}

function callersOf({ before, after }: MeaningInput, key: string) {
  return [before, after].flatMap(({ compilation }) =>
    compilation.held
      .filter(each => heldKey(each.api, each.grantId) === key)
      .flatMap(grant => grant.callers.map(each => ({ grant, ...each }))),
  );
}

function indexes(
  state: MeaningInput['before'],
): Map<string, EffectiveAccessIndex> {
  return new Map(
    clustersOf(state).map(cluster => [
      cluster.name,
      EffectiveAccessIndex.settled(cluster),
    ]),
  );
}

/** Workloads of a cluster that the API closes, before or after. */
function closedBy(
  { before, after, api }: MeaningInput,
  cluster: string,
): Isolation[] {
  const found = [before, after]
    .flatMap(({ compilation }) => compilation.plan.isolations)
    .filter(each => each.cluster === cluster && each.apis.includes(api));
  return [...new Map(found.map(each => [each.workload.id, each])).values()];
}

function isOf(
  { cluster, from, to }: Edge,
  [where, caller, provider]: readonly [string, string, string],
): boolean {
  return cluster === where && from.id === caller && to.id === provider;
}

/** Losses in the form of edges, for they are told and approved as these are. */
export function lostBy(
  { api, grantId, caller }: Pick<HeldGrant, 'api' | 'grantId' | 'caller'>,
  workload: string,
  { cluster, workload: to, layers, mode }: Isolation,
  requests: () => RequestSet,
): ChangedItems[] {
  const ranges = answerOr(
    () => toAccessRanges(requests()),
    () => [],
  );
  const state = (isThere: boolean) => (isThere ? 'enforced' : 'none');
  return ranges.flatMap(range =>
    range.ports.split(',').map((ports): ChangedItems => {
      const items = itemsOf(range);
      return {
        items,
        whole: false,
        edge: {
          cluster,
          api,
          policy: '',
          grantId,
          caller,
          declaredCaller: caller,
          provider: '',
          from: { kind: 'addresses', id: workload, cidrs: [] },
          to,
          protocol: range.protocol,
          port: Number.parseInt(ports, 10),
          servicePorts: [],
          layers: {
            kernel: state(layers.kernel),
            identity: state(layers.identity),
            method: state(layers.identity && items.every(({ http }) => http)),
          },
          operations: items.map(({ text }) => text),
          granted: [],
          row: 'plain-any',
          mode,
          gaps: [],
          egress: 'open',
          hops: [],
          admissions: [],
        },
      };
    }),
  );
}

function itemsOf({ http }: AccessRange): EdgeItem[] {
  return http
    ? distinctItems(http.flatMap(itemsOfEntry))
    : [{ text: EVERYTHING }];
}

function itemsOfEntry({ methods, paths }: HttpEntry): EdgeItem[] {
  return (methods ?? [ANY_METHOD]).flatMap(method =>
    (paths ?? ['/{**}']).map(path => httpItem(method, path)),
  );
}
