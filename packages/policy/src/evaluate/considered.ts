import { Cluster, Labels } from '../estate/types';
import { portKind } from './istio/ProxyModel';
import { Party, WorkloadParty } from './party';
import { Call, ConsideredObject, RuleRef } from './types';
import { World } from './World';

function labelText(selector: Labels | undefined): string {
  return Object.entries(selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

function networkPolicies(
  world: World,
  subject: WorkloadParty,
  direction: 'ingress' | 'egress',
): ConsideredObject[] {
  const { kernel } = world.of(subject.cluster);
  const { id, namespace } = subject.workload;
  return kernel.policies
    .filter(policy => policy.ref.namespace === namespace)
    .map((policy): ConsideredObject => {
      const entry = (considered: boolean, text: string) => ({
        ...policy.ref,
        considered,
        text,
      });
      if (!policy.selected.includes(subject.index))
        return entry(
          false,
          `Its podSelector does not match the pods of ${id}.`,
        );
      if (!policy[direction])
        return entry(false, `It says nothing about ${direction}.`);
      if (!policy.isValid)
        return entry(
          true,
          'The API server would reject it: it admits nothing, and what it closes is not known.',
        );
      return entry(true, `It isolates ${id} for ${direction}.`);
    });
}

function authorizationPolicies(
  world: World,
  to: WorkloadParty,
  port: number,
): ConsideredObject[] {
  const cluster = world.of(to.cluster);
  const { workload } = to;
  const root = to.cluster.profile.mesh.rootNamespace;
  const inScope = new Set(cluster.authorization.inScope(workload));
  const isSeen = portKind(cluster.model(to), port) !== 'none';
  return cluster.authorization.policies
    .filter(
      policy =>
        policy.namespace === workload.namespace || policy.namespace === root,
    )
    .map((policy): ConsideredObject => {
      const { spec, ref } = policy;
      const entry = (considered: boolean, text: string) => ({
        ...ref,
        considered,
        text,
      });
      if (workload.mesh === 'none' && !workload.meshIsGuess)
        return entry(
          false,
          `${workload.id} has no proxy that could enforce it.`,
        );
      if (workload.mesh === 'ambient')
        return entry(false, 'The ambient mesh is not judged by this version.');
      if (spec.targets.length > 0)
        return entry(
          false,
          'It is for the waypoint or gateway that targetRefs names; sidecars do not use it.',
        );
      if (!inScope.has(policy))
        return entry(
          false,
          `Its selector (${labelText(
            spec.selector,
          )}) does not match the pods of ${workload.id}.`,
        );
      if (spec.isDryRun)
        return entry(false, 'It is a dry run and decides nothing.');
      if (spec.action === 'AUDIT')
        return entry(false, 'AUDIT decides nothing.');
      if (!isSeen)
        return entry(false, `Port ${port} is not captured by the sidecar.`);
      if (!policy.isValid)
        return entry(
          true,
          'Istio would reject it: it admits nothing, and what it refuses is not known.',
        );
      return entry(
        true,
        `It is a policy with action ${spec.action} for ${workload.id}.`,
      );
    });
}

function peerAuthentications(
  world: World,
  to: WorkloadParty,
): ConsideredObject[] {
  const { peers } = world.of(to.cluster);
  const { workload } = to;
  const root = to.cluster.profile.mesh.rootNamespace;
  const used = new Set(
    peers
      .of(workload)
      .readings.flatMap(reading => reading.by)
      .map(refKey),
  );
  return peers.all
    .filter(
      policy =>
        policy.namespace === workload.namespace || policy.namespace === root,
    )
    .map((policy): ConsideredObject => {
      const entry = (considered: boolean, text: string) => ({
        ...policy.ref,
        considered,
        text,
      });
      if (workload.mesh !== 'sidecar' && !workload.meshIsGuess)
        return entry(
          false,
          `${workload.id} has no sidecar that could enforce it.`,
        );
      if (!policy.isValid)
        return entry(
          true,
          'Istio would reject it; what it demands is not known.',
        );
      if (policy.namespace === root && policy.selector)
        return entry(
          false,
          'In the root namespace one with a selector is ignored for mutual TLS.',
        );
      if (used.has(refKey(policy.ref)))
        return entry(true, `It decides the mode of ${workload.id}.`);
      return entry(
        false,
        `It does not select ${workload.id}, or a more specific or older one decides.`,
      );
    });
}

function refKey(ref: RuleRef): string {
  return `${ref.kind} ${ref.namespace}/${ref.name}`;
}

function isOneCluster(from: Party, cluster: Cluster): boolean {
  return from.kind === 'address' || from.cluster === cluster;
}

/**
 * Objects that could have had a say in a call, with what each had to do with
 * it: used, or left out and why.
 */
export function consideredObjects(
  world: World,
  from: Party,
  to: Party,
  call: Call,
): ConsideredObject[] {
  const objects: ConsideredObject[] = [];
  if (from.kind === 'workload')
    objects.push(...networkPolicies(world, from, 'egress'));
  if (to.kind === 'workload' && isOneCluster(from, to.cluster)) {
    objects.push(...networkPolicies(world, to, 'ingress'));
    if ((call.protocol ?? 'TCP') === 'TCP') {
      objects.push(
        ...peerAuthentications(world, to),
        ...authorizationPolicies(world, to, call.port),
      );
    }
  }
  // One policy may be asked about both ends; what was used says more than what was not.
  const byKey = new Map<string, ConsideredObject>();
  for (const object of objects) {
    const known = byKey.get(refKey(object));
    if (!known || (!known.considered && object.considered))
      byKey.set(refKey(object), object);
  }
  return [...byKey.values()];
}
