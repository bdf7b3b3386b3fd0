import { WorkloadParty } from '../party';
import { ConsideredObject } from '../types';
import { isGateway } from '../istio/gateway';
import { World } from '../World';
import { refKey } from './refKey';

/** PeerAuthentications of a provider's namespace and of the root namespace. */
export function peerAuthentications(
  world: World,
  to: WorkloadParty,
): ConsideredObject[] {
  const cluster = world.of(to.cluster);
  const { peers } = cluster;
  const { workload } = to;
  const root = to.cluster.profile.mesh.rootNamespace;
  const used = new Set(
    cluster
      .model(to)
      .mtls.readings.flatMap(reading => reading.by)
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
      if (isGateway(to.cluster, workload))
        return entry(
          false,
          `${workload.id} is a gateway, whose own servers say what TLS they take.`,
        );
      if (!cluster.hasProxy(workload))
        return entry(
          false,
          `${workload.id} has no proxy that could enforce it.`,
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
