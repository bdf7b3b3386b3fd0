import { HELD_KEY, metadataOf, ORDER_KEY } from '../emit/metadata';
import type { GeneratedObject } from '../emit/types';
import type { Cluster, KubernetesObject } from '../estate/types';
import type { AccessPolicy, Grant } from '../model/types';
import { CatalogIndex } from '../plan/CatalogIndex';
import { heldKey, type Plan } from '../plan/types';
import { bindEntity } from '../plan/bindEntity';
import { networkPoliciesOn } from '../plan/foreignPolicies';
import { HeldEnds, heldEnds } from './heldEnds';
import { type InForce, selectedBy } from './inForce';
import { keptRules } from './keptRules';
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
  grants: Set<string>;
  specs: Record<string, unknown>[];
}

/**
 * Objects that keep open what held grants have in force: rules of the objects that the repository has, cut down to the
 * callers of these grants. They stand beside the objects of the other grants, and policies add up. Nothing is opened that
 * was not.
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
  if (held.size === 0) return NOTHING;
  const catalog = CatalogIndex.of(input.catalog);
  const kept = new Map<string, Kept>();
  const callers = new Map<string, HeldGrant['callers']>();
  for (const { policy } of input.policies)
    for (const grant of policy.spec.grants) {
      const { api } = policy.spec;
      const key = heldKey(api, grant.id);
      if (!held.has(key)) continue;
      for (const cluster of input.clusters) {
        const named = objects.filter(
          each =>
            each.api === api &&
            each.cluster === cluster.name &&
            each.grants.has(grant.id),
        );
        if (named.length === 0) continue;
        const ends = endsOf(policy, grant, cluster, catalog);
        callers.set(key, [
          ...(callers.get(key) ?? []),
          ...ends.callers
            .map(({ id }) => ({ cluster: cluster.name, workload: id }))
            .sort((a, b) => (a.workload < b.workload ? -1 : 1)),
        ]);
        for (const each of named)
          if (isStillClosed(each.object, policy, cluster, plan))
            add(kept, each, grant.id, ends);
      }
    }
  return { kept: [...kept.values()].map(toObject), callers };
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
  ends: HeldEnds,
): void {
  const spec = keptRules(object, ends);
  if (!spec) return;
  // What was held before is held in the same object.
  const isHeld = object.metadata.annotations?.[HELD_KEY] === 'true';
  const base =
    // A workload may be called so, too.
    isHeld && object.metadata.name.endsWith(SUFFIX)
      ? object.metadata.name.slice(0, -SUFFIX.length)
      : object.metadata.name;
  const key = [cluster, object.kind, object.metadata.namespace, base].join(' ');
  const known = kept.get(key);
  if (known) {
    known.grants.add(grantId);
    known.specs.push(spec);
  } else
    kept.set(key, {
      cluster,
      api,
      from: object,
      name: `${base}${SUFFIX}`,
      grants: new Set([grantId]),
      specs: [spec],
    });
}

function toObject({ cluster, api, from, name, grants, specs }: Kept): {
  cluster: string;
  object: GeneratedObject;
} {
  const spec = specs.reduce(joined);
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
        grants: [...grants],
        order: Number(from.metadata.annotations?.[ORDER_KEY] ?? 0),
        annotations: {
          [HELD_KEY]: 'true',
          ...(dryRun !== undefined && { 'istio.io/dry-run': dryRun }),
        },
      }),
      spec,
    },
  };
}

/** Two sets of rules about the same pods: each rule once, in the order in which they stood. */
function joined(
  one: Record<string, unknown>,
  other: Record<string, unknown>,
): Record<string, unknown> {
  const result = { ...one };
  for (const field of ['rules', 'ingress', 'egress']) {
    const lists = [one[field], other[field]].filter(Array.isArray);
    if (lists.length === 0) continue;
    const rules = new Map(
      lists.flat().map(rule => [JSON.stringify(rule), rule]),
    );
    result[field] = [...rules.values()];
  }
  return result;
}

/**
 * Ports on which held grants have callers in plaintext stay so: mutual TLS is one object for a workload, so they are added
 * to the one that is written now.
 */
export function withKeptPorts(
  objects: readonly CompiledObject[],
  inForce: readonly InForce[],
  kept: readonly CompiledObject[],
): CompiledObject[] {
  const plain = new Set(
    kept
      .filter(({ object }) => admitsPlaintext(object))
      .map(({ cluster, object }) => targetKey(cluster, object)),
  );
  if (plain.size === 0) return [...objects];
  const earlier = new Map(
    inForce
      .filter(({ object }) => object.kind === 'PeerAuthentication')
      .map(({ cluster, object }) => [targetKey(cluster, object), object]),
  );
  return objects.map(each => {
    const key = targetKey(each.cluster, each.object);
    const before = earlier.get(key);
    const isConcerned =
      each.object.kind === 'PeerAuthentication' && plain.has(key) && before;
    if (!isConcerned) return each;
    const ports = {
      ...(before.spec as PeerSpec).portLevelMtls,
      ...(each.object.spec as PeerSpec).portLevelMtls,
    };
    return Object.keys(ports).length === 0
      ? each
      : {
          ...each,
          object: {
            ...each.object,
            spec: { ...each.object.spec, portLevelMtls: ports },
          },
        };
  });
}

interface PeerSpec {
  portLevelMtls?: Record<string, { mode?: string }>;
}

function admitsPlaintext({ kind, spec }: KubernetesObject): boolean {
  const { rules } = (spec ?? {}) as {
    rules?: { from?: { source?: { notPrincipals?: unknown } }[] }[];
  };
  return (
    kind === 'AuthorizationPolicy' &&
    (rules ?? []).some(({ from }) =>
      from?.some(({ source }) => source?.notPrincipals !== undefined),
    )
  );
}

function targetKey(
  cluster: string,
  { metadata, spec }: KubernetesObject,
): string {
  return JSON.stringify([
    cluster,
    metadata.namespace,
    (spec as { selector?: unknown } | undefined)?.selector,
  ]);
}
