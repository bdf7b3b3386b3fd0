import type { KubernetesObject } from '../estate/types';
import type { InForce } from './inForce';
import type { MeshRule, RuleFields, Source } from './ruleFields';
import type { CompiledObject } from './types';

/**
 * Objects of the sound grants and of the held ones as they stand beside one another, where callers without a mesh identity
 * are concerned: these are told apart by nothing but what both say about ports and addresses.
 */
export function besideKept(
  objects: readonly CompiledObject[],
  inForce: readonly InForce[],
  kept: readonly CompiledObject[],
): { objects: readonly CompiledObject[]; kept: readonly CompiledObject[] } {
  if (kept.length === 0) return { objects, kept };
  const all = apart([...withKeptPorts(objects, inForce, kept), ...kept], kept);
  return { objects: all, kept: all.slice(objects.length) };
}

/**
 * Addresses with access of their own are left out of what pods in plaintext may do (`separatePlaintext`), also where one of the two is
 * held: else it would get what the other one has.
 */
function apart(
  objects: readonly CompiledObject[],
  kept: readonly CompiledObject[],
): CompiledObject[] {
  const concerned = new Set(
    kept
      .filter(({ object }) => plaintextRules(object).length > 0)
      .map(({ cluster, object }) => targetKey(cluster, object)),
  );
  if (concerned.size === 0) return [...objects];
  const blocks = new Map<string, string[]>();
  for (const { cluster, object } of objects) {
    const key = targetKey(cluster, object);
    const own = plaintextRules(object).flatMap(({ from = [] }) =>
      from.flatMap(({ source }) => source?.ipBlocks ?? []),
    );
    blocks.set(key, [...(blocks.get(key) ?? []), ...own]);
  }
  return objects.map(each => {
    const key = targetKey(each.cluster, each.object);
    const others = blocks.get(key) ?? [];
    return concerned.has(key) && others.length > 0
      ? { ...each, object: without(each.object, others) }
      : each;
  });
}

function without<T extends KubernetesObject>(
  object: T,
  blocks: readonly string[],
): T {
  const rules = plaintextRules(object);
  if (!rules.some(({ from }) => from?.some(isOfAnybody))) return object;
  const spec = object.spec as RuleFields;
  return {
    ...object,
    spec: {
      ...spec,
      rules: spec.rules?.map(rule =>
        rules.includes(rule)
          ? { ...rule, from: rule.from?.map(each => apartFrom(each, blocks)) }
          : rule,
      ),
    },
  };
}

function isOfAnybody({ source }: { source?: Source }): boolean {
  return source?.notPrincipals !== undefined && !source.ipBlocks;
}

function apartFrom(
  each: { source?: Source },
  blocks: readonly string[],
): { source?: Source } {
  if (!isOfAnybody(each)) return each;
  const { notIpBlocks = [], ...source } = each.source as Source;
  return {
    source: {
      notIpBlocks: [...new Set([...notIpBlocks, ...blocks])].sort(),
      ...source,
    },
  };
}

/** Rules for callers without an identity. */
function plaintextRules({ kind, spec }: KubernetesObject): MeshRule[] {
  const { rules } = (spec ?? {}) as RuleFields;
  return kind === 'AuthorizationPolicy'
    ? (rules ?? []).filter(({ from }) =>
        from?.some(({ source }) => source?.notPrincipals !== undefined),
      )
    : [];
}

/**
 * Ports on which held grants have callers in plaintext stay so: mutual TLS is one object for a workload, so they are added
 * to the one that is written now.
 */
function withKeptPorts(
  objects: readonly CompiledObject[],
  inForce: readonly InForce[],
  kept: readonly CompiledObject[],
): CompiledObject[] {
  const plain = new Map<string, Set<string>>();
  for (const { cluster, object } of kept) {
    const ports = plaintextPorts(object);
    const key = targetKey(cluster, object);
    if (ports.length > 0)
      plain.set(key, new Set([...(plain.get(key) ?? []), ...ports]));
  }
  if (plain.size === 0) return [...objects];
  const earlier = new Map(
    inForce
      .filter(({ object }) => object.kind === 'PeerAuthentication')
      .map(({ cluster, object }) => [targetKey(cluster, object), object]),
  );
  return objects.map(each => {
    const key = targetKey(each.cluster, each.object);
    const before = earlier.get(key);
    const needed = plain.get(key);
    const isConcerned =
      each.object.kind === 'PeerAuthentication' && needed && before;
    if (!isConcerned) return each;
    const earlierPorts = Object.entries(
      (before.spec as PeerSpec).portLevelMtls ?? {},
    );
    const ports = {
      ...Object.fromEntries(earlierPorts.filter(([port]) => needed.has(port))),
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

/** Ports on which an object admits callers without an identity. */
function plaintextPorts(object: KubernetesObject): string[] {
  return plaintextRules(object)
    .flatMap(({ to }) => to ?? [])
    .flatMap(({ operation }) => [...(operation?.ports ?? [])]);
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
