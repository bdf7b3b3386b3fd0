import { HELD_KEY, metadataOf, ORDER_KEY } from '../emit/metadata';
import type { Opened } from '../emit/opened';
import type { GeneratedObject } from '../emit/types';
import type { Cluster, KubernetesObject } from '../estate/types';
import type { AccessPolicy, Grant } from '../model/types';
import { CatalogIndex } from '../plan/CatalogIndex';
import { heldKey, type Isolation, type Plan } from '../plan/types';
import { bindEntity } from '../plan/bindEntity';
import { networkPoliciesOn } from '../plan/foreignPolicies';
import { means } from '../plan/scope';
import { HeldEnds, heldEnds } from './heldEnds';
import { limitOfPeer, limitOfTarget, providersBehind } from './heldLimit';
import { HeldOperations } from './heldOperations';
import { type InForce, selectedBy } from './inForce';
import { keptRules, type KeptRules, openedByKept, specOf } from './keptRules';
import type { CompiledObject, CompileInput, HeldGrant } from './types';

const SUFFIX = '.held';
/** The same list each time: what follows from it is remembered. */
const NOTHING: ReturnType<typeof keptObjects> = {
  kept: [],
  callers: new Map(),
};

/** What one object in force keeps open for held grants. */
interface Kept {
  cluster: string;
  api: string;
  from: KubernetesObject;
  name: string;
  /** by grant */
  opens: [grantId: string, opened: readonly Opened[]][];
  rules: KeptRules;
}

/**
 * Objects that keep open what held grants have in force: rules of the objects that the repository has, cut down to the
 * callers of these grants and to what these grants name ({@link HeldLimit}). They stand beside the objects of the other
 * grants, and policies add up. Nothing is opened that was not.
 */
export function keptObjects(
  input: Pick<CompileInput, 'policies' | 'catalog' | 'clusters'>,
  objects: readonly InForce[],
  held: ReadonlySet<string>,
  plan: Pick<Plan, 'isolations'>,
): {
  kept: readonly CompiledObject[];
  /** by grant, as `heldKey` writes it: for whom something is kept */
  callers: ReadonlyMap<string, HeldGrant['callers']>;
} {
  const left = plan.isolations.filter(({ movedAway }) => movedAway);
  if (held.size === 0 && left.length === 0) return NOTHING;
  const catalog = CatalogIndex.of(input.catalog);
  const kept = new Map<string, Kept>();
  const callers = new Map<string, HeldGrant['callers']>();
  for (const { policy } of input.policies)
    for (const grant of policy.spec.grants) {
      const { api } = policy.spec;
      const key = heldKey(api, grant.id);
      const isHeld = held.has(key);
      if (!isHeld && !left.some(({ apis }) => apis.includes(api))) continue;
      for (const cluster of input.clusters) {
        const named = objects.filter(
          each =>
            each.api === api &&
            each.cluster === cluster.name &&
            each.grants.has(grant.id) &&
            staysOpen(each, cluster, left, isHeld),
        );
        if (named.length === 0) continue;
        const ends = endsOf(policy, grant, cluster, catalog);
        // Where it does not hold any more, whatever it had there has been ended.
        const isThere = holdsIn(grant, cluster, input.clusters);
        if (isHeld)
          callers.set(key, [
            ...(callers.get(key) ?? []),
            ...ends.callers
              .map(({ id }) => ({
                cluster: cluster.name,
                workload: id,
                ...(!isThere && { ended: true as const }),
              }))
              .sort((a, b) => (a.workload < b.workload ? -1 : 1)),
          ]);
        if (!isThere) continue;
        const entity = catalog.get(api);
        const operations = new HeldOperations(grant, entity, api, cluster);
        for (const each of named) {
          const about = [each, grant.id, policy, operations, cluster] as const;
          const rules = isStillClosed(each.object, policy, cluster, plan)
            ? keptRules(each.object, ends, {
                target: () => limitOfTarget(...about),
                peer: limitOfPeer(...about),
              })
            : undefined;
          if (rules) add(kept, each, grant.id, rules);
        }
      }
    }
  return { kept: [...kept.values()].map(toObject), callers };
}

/** Whether a grant holds in a cluster; a name that means none may be what any of them was called. */
function holdsIn(
  { in: names }: Grant,
  cluster: Cluster,
  clusters: readonly Cluster[],
): boolean {
  return (
    names === undefined ||
    names.some(name => means(name, cluster)) ||
    names.some(name => !clusters.some(each => means(name, each)))
  );
}

/**
 * Whether what an object opens for a grant may stay: for a held one everything, for a sound one what its API has moved away from,
 * and for neither what is something else's by now.
 */
function staysOpen(
  { api, cluster: name, object }: InForce,
  cluster: Cluster,
  left: readonly Isolation[],
  isHeld: boolean,
): boolean {
  const ids = new Set(providersBehind(object, cluster).map(({ id }) => id));
  const own = left.filter(
    each =>
      each.cluster === name &&
      each.apis.includes(api) &&
      ids.has(each.workload.id),
  );
  return own.length === 0
    ? isHeld
    : own.every(({ movedAway }) => movedAway === 'unclaimed');
}

/**
 * Whether something closes what an object opens: policies that open close everybody else out as well, so one that is kept
 * where nothing else closes any more would close it.
 */
function isStillClosed(
  object: KubernetesObject,
  { spec: { mode } }: AccessPolicy,
  cluster: Cluster,
  { isolations }: Pick<Plan, 'isolations'>,
): boolean {
  if (object.kind !== 'NetworkPolicy') {
    const records =
      object.metadata.annotations?.['istio.io/dry-run'] === 'true';
    return mode === 'enforce' || (mode === 'audit' && records);
  }
  const selected = selectedBy(object, cluster);
  if (!selected) return mode === 'enforce';
  const { direction, workloads } = selected;
  if (direction === 'ingress' && mode === 'enforce') return true;
  return (
    workloads.length > 0 &&
    workloads.every(
      workload =>
        networkPoliciesOn(cluster, workload, direction).length > 0 ||
        isolations.some(
          each =>
            each.mode === 'enforce' &&
            each.direction === direction &&
            each.cluster === cluster.name &&
            each.workload.id === workload.id,
        ),
    )
  );
}

function endsOf(
  { metadata, spec }: AccessPolicy,
  grant: Grant,
  cluster: Cluster,
  catalog: CatalogIndex,
): HeldEnds {
  const providers = catalog.providersOf(spec.api).flatMap(ref => {
    const entity = catalog.get(ref);
    const binding = entity && bindEntity(entity, [cluster]);
    return binding?.kind === 'workloads' ? binding.workloads : [];
  });
  return heldEnds(grant, metadata.namespace, providers, cluster, catalog);
}

function add(
  kept: Map<string, Kept>,
  { cluster, api, object }: InForce,
  grantId: string,
  rules: KeptRules,
): void {
  // What was held before is held in the same object.
  const isHeld = object.metadata.annotations?.[HELD_KEY] === 'true';
  const base =
    // A workload may be called so, too.
    isHeld && object.metadata.name.endsWith(SUFFIX)
      ? object.metadata.name.slice(0, -SUFFIX.length)
      : object.metadata.name;
  const key = [cluster, object.kind, object.metadata.namespace, base].join(' ');
  const opened = openedByKept(rules);
  const known = kept.get(key);
  if (known) {
    known.opens.push([grantId, opened]);
    known.rules = {
      mesh: [...known.rules.mesh, ...rules.mesh],
      network: [...known.rules.network, ...rules.network],
    };
  } else
    kept.set(key, {
      cluster,
      api,
      from: object,
      name: `${base}${SUFFIX}`,
      opens: [[grantId, opened]],
      rules,
    });
}

function toObject({ cluster, api, from, name, opens, rules }: Kept): {
  cluster: string;
  object: GeneratedObject;
} {
  const dryRun = from.metadata.annotations?.['istio.io/dry-run'];
  return {
    cluster,
    object: {
      apiVersion: from.apiVersion,
      kind: from.kind,
      metadata: metadataOf({
        name,
        namespace: from.metadata.namespace ?? 'default',
        api,
        grants: opens.map(([grantId]) => grantId),
        opens,
        order: Number(from.metadata.annotations?.[ORDER_KEY] ?? 0),
        annotations: {
          [HELD_KEY]: 'true',
          ...(dryRun !== undefined && { 'istio.io/dry-run': dryRun }),
        },
      }),
      spec: specOf(from, rules),
    },
  };
}
