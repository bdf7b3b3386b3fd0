import { isGenerated } from '../plan/foreignPolicies';
import { API_KEY } from '../emit';
import { asKey, asText } from '../estate/json';
import type { Cluster, KubernetesObject } from '../estate/types';
import { evaluate } from '../evaluate/evaluate';
import type { Call, Hop, RuleRef } from '../evaluate/types';
import type { World } from '../evaluate/World';
import { witness } from '../requestset/witness';
import { fenced } from '../fence';
import { admittanceOf } from './admittance';
import type { RequestSet } from '../requestset/RequestSet';
import type { DecidingObject } from './types';

/** One call of a set; of nobody where the set is empty. */
export function callOf(
  requests: RequestSet,
  from: string,
  to: string,
): Call | undefined {
  const request = witness(requests);
  if (!request) return undefined;
  const { protocol, port, method, path = '/', host } = request;
  return {
    from,
    to,
    protocol,
    port,
    ...(method !== undefined && {
      http: { method, path, ...(host !== undefined && { host }) },
    }),
  };
}

/** The points that a call passes, and the objects that decide there. */
export function decisionsOn(
  world: World,
  cluster: Cluster,
  call: Call,
): { hop: Hop; objects: DecidingObject[] }[] {
  return evaluate(world, call).hops.map(hop => ({
    hop,
    objects: hop.by.map(ref => describe(cluster, hop, ref, call.from)),
  }));
}

/**
 * Who lets a call into its provider, or out of its caller. A PeerAuthentication opens nothing; what we generate opens what was
 * declared.
 */
export function openersOf(
  decisions: ReturnType<typeof decisionsOn>,
  direction: Hop['direction'] = 'ingress',
): DecidingObject[] {
  const all = decisions
    .filter(({ hop }) => hop.direction === direction && hop.verdict !== 'deny')
    .flatMap(({ objects }) => objects)
    .filter(({ kind }) => kind !== 'PeerAuthentication');
  const byHand = all.filter(({ generated }) => !generated);
  return byHand.length > 0 ? byHand : all;
}

/** Who refuses a call, or may. */
export function refusersOf(
  decisions: ReturnType<typeof decisionsOn>,
): DecidingObject[] {
  return decisions
    .filter(({ hop }) => hop.verdict !== 'allow')
    .flatMap(({ objects }) => objects);
}

function describe(
  cluster: Cluster,
  { layer, direction, verdict }: Hop,
  { kind, namespace, name, rule }: RuleRef,
  from: string,
): DecidingObject {
  const found = objectsNamed(cluster, keyOf(kind, namespace, name));
  const generated = found.length > 0 && found.every(isGenerated);
  const api = generated
    ? asText(found[0].metadata.annotations?.[API_KEY])
    : undefined;
  const admits =
    direction === 'ingress' && verdict !== 'deny' && found.length === 1
      ? fenced(
          () => admittanceOf(cluster, found[0], rule, from),
          () => undefined,
        )
      : undefined;
  return {
    cluster: cluster.name,
    layer,
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    ...(rule !== undefined && { rule }),
    ...(admits && { admits }),
    generated,
    ...(api !== undefined && { api }),
  };
}

const known = new WeakMap<Cluster, Map<string, KubernetesObject[]>>();

/** Objects with one name: several where a cluster was given them several times. */
function objectsNamed(
  cluster: Cluster,
  key: string,
): readonly KubernetesObject[] {
  let index = known.get(cluster);
  if (!index) {
    index = new Map();
    for (const { object } of cluster.objects) {
      const { namespace, name } = object.metadata;
      for (const each of new Set([
        keyOf(object.kind, namespace, name),
        // Where a manifest names none the evaluator says which one it took.
        ...(namespace === undefined
          ? [keyOf(object.kind, 'default', name)]
          : []),
      ]))
        index.set(each, [...(index.get(each) ?? []), object]);
    }
    known.set(cluster, index);
  }
  return index.get(key) ?? [];
}

/** Fields of manifests are what somebody wrote, and need not be texts. */
function keyOf(kind: unknown, namespace: unknown, name: unknown): string {
  return [kind, namespace ?? '', name].map(asKey).join(' ');
}
