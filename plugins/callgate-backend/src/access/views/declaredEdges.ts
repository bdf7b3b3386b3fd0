import type { Contract, Edge as PlannedEdge, Grant } from '@callgate/policy';
import type {
  Edge,
  EdgeCluster,
  GrantInfo,
} from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import type { Discretion } from './Discretion';
import type { LabelOf } from './Labels';
import { toFinding } from './findings';
import { grantedOperations } from './operations';

const NOT_CONFIRMED =
  'Nothing is opened: the grant was not approved for what it stands for now.';

/** One row for each grant: what it opens, and whether the manifests in Git let it through. */
export function declaredEdge(
  facts: AccessFacts,
  apiRef: string,
  grant: Grant,
  contract: Contract,
  labelOf: LabelOf,
  discretion: Discretion,
): Edge {
  const planned = facts.edgesOf(apiRef, grant.id);
  const unsupported = facts.unsupportedOf(apiRef, grant.id);
  const missing = facts.missingOf(apiRef, grant.id);
  const errors = facts.errorsOf(apiRef, grant.id);
  const unconfirmed = facts.unconfirmedOf(apiRef, grant.id).length;
  const shared = {
    caller: labelOf(grant.caller),
    api: labelOf(apiRef),
    operations: grantedOperations(grant.operations, contract),
    clusters: clustersOf(planned, facts),
    grant: {
      ...toGrantInfo(grant, labelOf),
      ...(unconfirmed > 0 && { unconfirmed: { count: unconfirmed } }),
    },
    openedBy: [],
  };
  if (unsupported.length > 0) {
    return {
      ...shared,
      clusters: unsupported.map(({ cluster, from, to, reason }) => ({
        cluster: cluster ?? 'every cluster',
        layers: { kernel: 'unknown', identity: 'unknown', method: 'unknown' },
        from: from ? [from] : [],
        to: to ? [to] : [],
        // The reason may be another caller, with whom this one shares something.
        ...(discretion.everythingSeen && { note: reason }),
      })),
      status: 'unknown',
      because: discretion.everythingSeen
        ? `Cannot be enforced: ${unsupported[0].reason}`
        : 'Cannot be enforced.',
    };
  }
  const held = facts.heldOf(apiRef).find(each => each.grantId === grant.id);
  if (held) {
    const error = errors[0] && toFinding(errors[0], discretion).message;
    return {
      ...shared,
      status: 'unknown',
      because: `It has an error, so it is held: what it opened before stays as it is until it is corrected or ended.${
        error ? ` ${error}` : ''
      }`,
    };
  }
  if (planned.length === 0) {
    return {
      ...shared,
      status: 'declared-not-effective',
      because:
        (errors[0] && toFinding(errors[0], discretion).message) ??
        (unconfirmed > 0 ? NOT_CONFIRMED : undefined) ??
        'Declared, but the declarations of this API do not compile: see the findings.',
    };
  }
  if (missing.length > 0) {
    const by = [...new Set(missing.flatMap(each => each.by))].filter(
      name => !discretion.hidesObject(facts.objectOf(missing[0].cluster, name)),
    );
    const conditional = missing.every(each => each.conditional);
    return {
      ...shared,
      status: conditional ? 'unknown' : 'declared-not-effective',
      because: conditional
        ? `Declared; whether it gets through depends on something that the manifests do not say (${missing[0].text}).`
        : `Declared, but ${
            by.length
              ? `${by.join(', ')} refuses`
              : 'the manifests in Git refuse'
          } ${missing[0].text}.`,
      openedBy: by.map(text => facts.objectOf(missing[0].cluster, text)),
    };
  }
  return { ...shared, status: 'granted', because: grant.reason ?? '' };
}

function clustersOf(
  planned: readonly PlannedEdge[],
  facts: AccessFacts,
): EdgeCluster[] {
  const clusters = new Map<string, EdgeCluster>();
  for (const edge of planned) {
    const known = clusters.get(edge.cluster);
    const from = [...new Set([...(known?.from ?? []), edge.from.id])].sort();
    const to = [...new Set([...(known?.to ?? []), edge.to.id])].sort();
    clusters.set(edge.cluster, {
      cluster: edge.cluster,
      layers: known ? weakest(known.layers, edge.layers) : { ...edge.layers },
      from,
      to,
      port: edge.port,
      protocol: edge.protocol,
      objects: facts.generatedObjectsFor(edge.cluster, edge.api, edge.to.id),
    });
  }
  return [...clusters.values()].sort((a, b) =>
    a.cluster < b.cluster ? -1 : 1,
  );
}

/** Of two workloads behind one grant the weaker one is what counts, layer by layer. */
function weakest(
  a: EdgeCluster['layers'],
  b: PlannedEdge['layers'],
): EdgeCluster['layers'] {
  const pick = (left: EdgeCluster['layers']['kernel'], right: typeof left) =>
    left === 'enforced' ? right : left;
  return {
    kernel: pick(a.kernel, b.kernel),
    identity: pick(a.identity, b.identity),
    method: pick(a.method, b.method),
  };
}

function toGrantInfo(grant: Grant, labelOf: LabelOf): GrantInfo {
  return {
    id: grant.id,
    ...(grant.reason && { reason: grant.reason }),
    ...(grant.requestedBy && { requestedBy: labelOf(grant.requestedBy) }),
    approvedBy: (grant.approvedBy ?? []).map(labelOf),
    ...(grant.request && { request: grant.request }),
    acknowledges: grant.acknowledges ?? [],
    ...(grant.in && { in: grant.in }),
  };
}
