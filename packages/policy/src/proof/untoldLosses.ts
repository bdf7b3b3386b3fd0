import type { Cluster } from '../estate/types';
import type { DigestContent, DigestEdge } from '../meaning/types';
import { clustersOf } from '../meaning/worldOf';
import { RequestSet } from '../requestset/RequestSet';
import type { Protocol } from '../estate/types';
import { DeclaredAccess } from '../verify/DeclaredAccess';
import { Differences } from '../verify/Differences';
import {
  EffectiveAccessIndex,
  type EffectivePair,
} from '../verify/EffectiveAccessIndex';
import type { Steps } from '../steps';
import type { AccessDifference } from '../verify/types';
import type { ProofInput } from './types';
import {
  approvedRequests,
  listedEdges,
  plumbing,
  touchedPairs,
} from './unapproved';

/**
 * Access that is lost and that no request told: what the files that are there allow and those of the proposal do not, on one and
 * the same estate. Told is what the contents of the requests list as taken away, and whom they list as cut. Looked for only where a
 * request ends or changes grants: then nothing of anybody else may change.
 */
export function* findUntoldLosses(
  input: ProofInput,
): Steps<AccessDifference[]> {
  const { before, after, approved } = input;
  if (!approved.some(({ grants }) => grants)) return [];
  const later = new Map(
    clustersOf(after).map(cluster => [cluster.name, cluster]),
  );
  const several = before.clusters.length > 1;
  const { plan } = before.compilation;
  const removed = approved.flatMap(content => content.removed);
  const toldPlan = { ...plan, edges: listedEdges(plan.edges, removed) };
  const found: AccessDifference[] = [];
  for (const cluster of clustersOf(before)) {
    const now = later.get(cluster.name);
    if (!now) continue;
    const effective = EffectiveAccessIndex.settled(cluster);
    const declared = DeclaredAccess.of(plan, cluster);
    const differences = new Differences({ cluster, plan, effective, several });
    const told = approvedRequests(toldPlan, cluster);
    const cut = cutIn(approved, cluster);
    const back = { before: after, after: before };
    for (const pair of yield* touchedPairs(back, cluster, now)) {
      yield;
      if (cut(pair)) continue;
      const untold = differences.decided<AccessDifference[]>(
        pair,
        () => {
          const lost = pair.possible.subtract(
            EffectiveAccessIndex.settled(now).like(pair).possible,
          );
          const extra = lost
            .subtract(told(pair))
            .subtract(plumbing(declared, pair))
            .subtract(listed(removed, cluster, pair));
          return extra.isEmpty ? [] : [differences.of(pair, extra, 'surplus')];
        },
        undecided => [undecided],
      );
      found.push(...untold);
    }
  }
  return found;
}

/** Whether a request says of a pair that it is cut. */
function cutIn(
  approved: readonly DigestContent[],
  { name }: Cluster,
): (pair: EffectivePair) => boolean {
  const pairs = new Set(
    approved.flatMap(({ flips }) =>
      flips
        .filter(({ cluster }) => cluster === name)
        .flatMap(({ workload, direction, cut }) =>
          cut.map(other =>
            direction === 'ingress'
              ? `${other}\n${workload}`
              : `${workload}\n${other}`,
          ),
        ),
    ),
  );
  return ({ from, to }) => pairs.has(`${from}\n${to}`);
}

/** What is told of a pair that no plan knows, such as what a held grant has in force. */
function listed(
  removed: readonly DigestEdge[],
  { name }: Cluster,
  { from, to }: EffectivePair,
): RequestSet {
  return removed
    .filter(
      edge => edge.cluster === name && edge.from === from && edge.to === to,
    )
    .flatMap(edge => edge.requests.map(request => requestSet(edge, request)))
    .reduce((all, each) => all.union(each), RequestSet.empty);
}

function requestSet(
  { protocol: name, port }: DigestEdge,
  request: string,
): RequestSet {
  const protocol = name as Protocol;
  const space = request.indexOf(' ');
  const ports = [port];
  if (space < 0) return RequestSet.of({ protocol, ports });
  const [method, path] = [request.slice(0, space), request.slice(space + 1)];
  return RequestSet.of({
    protocol,
    ports,
    ...(method !== 'ANY' && { methods: [method] }),
    paths: [path.includes('{') ? { template: path } : { exact: path }],
  });
}
