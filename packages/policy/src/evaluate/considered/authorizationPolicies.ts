import { Labels } from '../../estate/types';
import { CompiledAuthorizationPolicy } from '../istio/Authorization';
import { portKind } from '../istio/ProxyModel';
import { ztunnelPolicy } from '../istio/ztunnelPolicy';
import { WorkloadParty } from '../party';
import { ConsideredObject } from '../types';
import { WaypointStop } from '../ways/Way';
import { World } from '../World';

function labelText(selector: Labels | undefined): string {
  return Object.entries(selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

type Reason = { considered: boolean; text: string };

const no = (text: string): Reason => ({ considered: false, text });
const yes = (text: string): Reason => ({ considered: true, text });

/** Reasons that hold at every proxy. */
function general({
  spec,
  isValid,
}: CompiledAuthorizationPolicy): Reason | undefined {
  if (spec.action === 'AUDIT') return no('AUDIT decides nothing.');
  if (!isValid)
    return yes(
      'Istio would reject it: it admits nothing, and what it refuses is not known.',
    );
  return undefined;
}

function atSidecar(
  policy: CompiledAuthorizationPolicy,
  to: WorkloadParty,
  isSeen: boolean,
  port: number,
): Reason {
  if (policy.spec.isDryRun) return no('It is a dry run and decides nothing.');
  if (policy.spec.action !== 'AUDIT' && !isSeen)
    return no(`Port ${port} is not captured by the sidecar.`);
  return (
    general(policy) ??
    yes(
      `It is a policy with action ${policy.spec.action} for ${to.workload.id}.`,
    )
  );
}

function atZtunnel(
  policy: CompiledAuthorizationPolicy,
  to: WorkloadParty,
  isEnforced: boolean,
): Reason {
  const { spec } = policy;
  if (!isEnforced && spec.isDryRun)
    return no(
      'It is a dry run, which ztunnel is not sent or does not enforce.',
    );
  const sent = ztunnelPolicy(policy);
  if (!sent)
    return no(
      `ztunnel does not know action ${spec.action}: it decides nothing.`,
    );
  const kept = new Set(sent.spec.rules.map(rule => rule.index));
  const lost = spec.rules
    .filter(rule => !kept.has(rule.index))
    .map(rule => `rules[${rule.index}]`);
  const without =
    lost.length > 0
      ? ` ztunnel reads no HTTP and leaves out ${lost.join(', ')}.`
      : '';
  return (
    general(policy) ??
    yes(
      `It is a policy with action ${spec.action} for ${to.workload.id}.${without}`,
    )
  );
}

/** AuthorizationPolicies that could have had a say: used, or left out and why. */
export function authorizationPolicies(
  world: World,
  to: WorkloadParty,
  port: number,
  stops: readonly WaypointStop[],
): ConsideredObject[] {
  const cluster = world.of(to.cluster);
  const { workload } = to;
  const root = to.cluster.profile.mesh.rootNamespace;
  const model = cluster.model(to);
  const inScope = new Set(cluster.authorization.inScope(workload));
  const isSeen = portKind(model, port) !== 'none';
  const attached = new Map(
    stops.flatMap(stop =>
      cluster.authorization
        .targeting(stop.waypoint, stop.address?.service)
        .map(policy => [policy, stop.waypoint] as const),
    ),
  );
  const namespaces = new Set([
    workload.namespace,
    root,
    ...stops.map(({ waypoint }) => waypoint.namespace),
  ]);
  const enforced = new Set(
    cluster
      .proxies(to)
      .models.flatMap(each => each.policies.map(({ id }) => id)),
  );
  const reasonOf = (policy: CompiledAuthorizationPolicy): Reason => {
    const { spec } = policy;
    const waypoint = attached.get(policy);
    if (waypoint) {
      if (spec.isDryRun) return no('It is a dry run and decides nothing.');
      return (
        general(policy) ??
        yes(
          `It is a policy with action ${spec.action} of waypoint ${waypoint.id}.`,
        )
      );
    }
    if (!cluster.hasProxy(workload))
      return no(`${workload.id} has no proxy that could enforce it.`);
    const isOfGateway = model.kind === 'gateway' && enforced.has(policy.id);
    if (spec.targets.length > 0 && !isOfGateway)
      return no(
        `It is for the waypoint or gateway that targetRefs names; ${
          model.kind === 'ztunnel' ? 'ztunnel does' : 'sidecars do'
        } not use it.`,
      );
    if (!inScope.has(policy) && !isOfGateway)
      return no(
        `Its selector (${labelText(
          spec.selector,
        )}) does not match the pods of ${workload.id}.`,
      );
    return model.kind === 'ztunnel'
      ? atZtunnel(policy, to, enforced.has(policy.id))
      : atSidecar(policy, to, isSeen, port);
  };
  return cluster.authorization.policies
    .filter(policy => namespaces.has(policy.namespace) || attached.has(policy))
    .map(policy => ({ ...policy.ref, ...reasonOf(policy) }));
}
