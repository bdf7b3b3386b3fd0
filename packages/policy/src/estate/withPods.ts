import { asJson, asNumber, asText } from './json';
import { isMadeOf, kindsBesideLabels } from './kindsOfPods';
import { replicasOf } from './podTemplates';
import { Found, WorkloadContext, identityOf, toWorkload } from './toWorkload';
import { Workload } from './types';

/** Pods that ended take no part in any call, and those that are being deleted are about to. */
export function isRunning({ manifest: { object } }: Found): boolean {
  const phase = asText(asJson(object.status).phase);
  return (
    object.kind === 'Pod' &&
    phase !== 'Succeeded' &&
    phase !== 'Failed' &&
    asText(object.metadata.deletionTimestamp) === undefined
  );
}

/** A ReplicaSet or the like that has pods now; of a rollout there are two. */
function hasPods({ manifest: { object } }: Found): boolean {
  const { replicas } = asJson(object.status);
  return object.kind !== 'Pod' && asNumber(replicas) > 0;
}

/**
 * A workload with what its pods show that the template cannot: labels, and what the injector did. What
 * runs is the truth: where all pods have or lack a proxy, so has or lacks it the workload. Pods that differ in more than
 * labels are its kinds, and so is the template that makes the next ones, where no pod is of it any more.
 */
export function withPods(
  known: Workload,
  own: Found,
  members: readonly Found[],
  context: WorkloadContext,
): Workload {
  // A Pod may own others, as the driver of a job does: it runs beside them.
  const pods = [own, ...members].filter(isRunning);
  const running = pods.length > 0 ? pods : members.filter(hasPods);
  if (running.length === 0) return known;
  const { kind, name } = known;
  const replicas = pods.length > 1 ? 'many' : known.replicas;
  const read = (found: Found, of: readonly Found[] = []) =>
    toWorkload(found, kind, name, replicas, context, { running: of });
  const groups = kindsBesideLabels(running, found => read(found));
  const kinds = groups.map(group => {
    const [first] = group;
    const { object } = first.manifest;
    return {
      ...read(first, group),
      ...identityOf(object, context),
      replicas: group.length > 1 ? ('many' as const) : replicasOf(object),
    };
  });
  const proxied =
    kinds.find(({ mesh }) => mesh === 'sidecar') ??
    kinds.find(({ mesh }) => mesh === 'ambient') ??
    kinds[0];
  const { mesh, meshIsGuess } = proxied;
  const isSame = kinds.every(each => each.mesh === mesh);
  const shown = toWorkload(own, kind, name, replicas, context, {
    running,
    // What only some pods have is for their own labels to say.
    mesh: { mesh: isSame ? mesh : 'none', isGuess: meshIsGuess },
  });
  const whole: Workload = {
    ...shown,
    mesh,
    meshIsGuess,
    hbone: proxied.hbone,
    sendsHbone: proxied.sendsHbone,
    ...(proxied.router ? { router: proxied.router } : {}),
  };
  if (known.gateway !== undefined) return whole;
  if (!kinds.some(each => isMadeOf(each, known))) kinds.push(known);
  return kinds.length === 1
    ? whole
    : {
        ...whole,
        hostNetwork: kinds.some(({ hostNetwork }) => hostNetwork),
        kinds: kinds.sort((a, b) => (a.id < b.id ? -1 : 1)),
      };
}
