import type { Cluster } from '../estate/types';
import { answerOr } from '../requestset/budget';
import type { RequestSet } from '../requestset/RequestSet';
import { callOf, decisionsOn, openersOf } from '../verify/decidingObjects';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import type { ObjectOrigin } from './types';

/** The objects that let some requests through, by one call of them, sorted. Empty where nothing restricts them. */
export function openersFor(
  cluster: Cluster,
  requests: RequestSet,
  from: string,
  to: string,
): ObjectOrigin[] {
  const call = answerOr(
    () => callOf(requests, from, to),
    () => undefined,
  );
  if (!call) return [];
  const { world } = EffectiveAccessIndex.settled(cluster);
  return distinctOrigins(
    openersOf(decisionsOn(world, cluster, call)).map(
      ({ kind, namespace, name }) => originOf(cluster, kind, namespace, name),
    ),
  );
}

/** An object of a cluster by its name, with the place that it was read from. */
function originOf(
  cluster: Cluster,
  kind: string,
  namespace: string | undefined,
  name: string,
): ObjectOrigin {
  const found = cluster.objects.find(
    ({ object }) =>
      object.kind === kind &&
      object.metadata.name === name &&
      (object.metadata.namespace ?? 'default') === (namespace ?? 'default'),
  );
  return {
    cluster: cluster.name,
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    ...(found && { at: placeOf(found.at) }),
  };
}

/** File and line: what else is known of a place is no news to whoever opens it. */
export function placeOf({ file, line }: { file: string; line?: number }) {
  return { file, ...(line !== undefined && { line }) };
}

/** Each object once, sorted. */
export function distinctOrigins(
  origins: readonly ObjectOrigin[],
): ObjectOrigin[] {
  const byKey = new Map(origins.map(each => [originKey(each), each]));
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, origin]) => origin);
}

/** What tells an object from every other one. */
export function originKey({
  cluster,
  kind,
  namespace = '',
  name,
}: ObjectOrigin): string {
  return [cluster, namespace, kind, name].join(' ');
}
