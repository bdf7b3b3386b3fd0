import { AddressSet } from '../net/AddressSet';
import type { Grant } from '../model/types';
import type { Edge } from '../plan/types';
import { answerOr } from '../requestset/budget';
import type { AccessDifference } from '../verify/types';
import { type ApiSide, declaredBy } from './ApiSide';
import { callOf, decisionsOn, refusersOf } from '../verify/decidingObjects';
import { grantedOperations } from './operations';
import type { GrantAccess, GrantedPair, GrantStanding } from './grantTypes';

/** Each grant of an API with what is to be said of it. */
export function grantsOf(side: ApiSide): GrantAccess[] {
  const policy = side.book.policyOf(side.api);
  return (policy?.spec.grants ?? []).map(grant =>
    grantAccess(side, grant, side.book.callerOf(policy!, grant.caller)),
  );
}

function grantAccess(side: ApiSide, grant: Grant, caller: string): GrantAccess {
  const { api, book } = side;
  const { plan, findings, failedApis, held } = book.compilation;
  const isOwn = (each: { api?: string; grantId?: string }) =>
    each.api === api && each.grantId === grant.id;
  const edges = side.edges.filter(({ grantId }) => grantId === grant.id);
  const heldGrant = held.find(isOwn);
  const errors = findings.filter(({ severity }) => severity === 'error');
  const own = heldGrant?.findings ?? errors.filter(isOwn);
  const ofApi =
    failedApis.find(each => each.api === api)?.findings ??
    errors.filter(each => each.api === api && each.grantId === undefined);
  const unsupported = plan.unsupported.filter(isOwn);
  const unconfirmed = plan.unconfirmed.filter(isOwn).length;
  const refused = edges.length > 0 ? refusedOf(side, edges) : [];
  const standing = ((): GrantStanding => {
    if (unsupported.length > 0) return 'unsupported';
    if (heldGrant?.inForce) return 'held';
    if (edges.length === 0) {
      if (own.length > 0 && own.every(({ code }) => code === 'egress-open'))
        return 'unheld';
      return own.length === 0 && unconfirmed > 0 ? 'unconfirmed' : 'error';
    }
    if (refused.length === 0) return 'effective';
    return refused.every(({ conditions }) => conditions.length > 0)
      ? 'conditional'
      : 'refused';
  })();
  const opensNothing =
    standing === 'held' || standing === 'error' || standing === 'unheld';
  // What is wrong with another grant says nothing of this one.
  const whole = own.length > 0 ? own : ofApi;
  return {
    grant,
    caller,
    standing,
    operations: grantedOperations(grant.operations, side.contract),
    pairs: edges.map(pairOf),
    refused,
    findings: opensNothing ? whole : [],
    unsupported: unsupported.map(({ cluster, from, to, reason }) => ({
      ...(cluster !== undefined && { cluster }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      reason,
    })),
    unconfirmed,
  };
}

function pairOf(edge: Edge): GrantedPair {
  const { cluster, caller, from, to, protocol, port, layers } = edge;
  return { cluster, caller, from: from.id, to: to.id, protocol, port, layers };
}

/** What of a grant's own edges is among what does not surely get through: another grant of the pair may get through. */
function refusedOf(
  { book }: ApiSide,
  edges: readonly Edge[],
): GrantAccess['refused'] {
  return book.verified.missing.flatMap(missing => {
    const own = edges.filter(edge => isAbout(missing, edge));
    if (own.length === 0) return [];
    const requests = answerOr(
      () => declaredBy(own).intersect(missing.requests),
      () => missing.requests,
    );
    const cluster = book.cluster(missing.cluster);
    if (requests.isEmpty || !cluster) return [];
    const example = missing.call;
    const call = callOf(
      requests,
      own[0].from.kind === 'addresses' ? example.from : missing.from,
      own[0].to.kind === 'addresses' ? example.to : missing.to,
    );
    return [
      {
        cluster: missing.cluster,
        from: missing.from,
        to: missing.to,
        requests,
        conditions: missing.conditional ? missing.conditions ?? [] : [],
        by: call
          ? refusersOf(
              decisionsOn(book.effective(cluster).world, cluster, call),
            )
          : [],
      },
    ];
  });
}

/** Whether the ends of a difference are those of an edge: the same workloads, or addresses that are all among those granted. */
function isAbout(difference: AccessDifference, edge: Edge): boolean {
  const { cluster, outside } = difference;
  return (
    edge.cluster === cluster &&
    (['from', 'to'] as const).every(side => {
      const end = edge[side];
      if (end.kind === 'workload') return end.id === difference[side];
      return (
        outside?.end === side &&
        AddressSet.ofCidrs(end.cidrs).covers(AddressSet.ofCidrs(outside.cidrs))
      );
    })
  );
}
