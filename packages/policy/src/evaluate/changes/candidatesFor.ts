import { CallOptions } from '../CallOptions';
import { addressOf } from '../addressOf';
import { evaluate } from '../evaluate';
import { isGateway } from '../istio/gateway';
import { objectName } from '../objectName';
import { Party, WorkloadParty } from '../party';
import { Call } from '../types';
import { carriersBetween } from '../ways/carriers';
import { HBONE_PORT } from '../ways/directBounds';
import { waysFor } from '../ways/wayBounds';
import { World } from '../World';
import { Candidate } from './Candidate';
import {
  allowChange,
  permissiveChange,
  waypointChange,
  withoutRules,
} from './meshChanges';
import { networkPolicyChange } from './networkPolicyChange';

/** What the kernels of both ends would have to let through. */
function kernelChanges(
  from: Party,
  to: Party,
  call: Call,
  carrier: string,
): Candidate[] {
  const protocol = call.protocol ?? 'TCP';
  const port = carrier === 'tunnel' ? HBONE_PORT : call.port;
  return [
    ...(from.kind === 'workload'
      ? [networkPolicyChange('egress', from, to, { protocol, port })]
      : []),
    ...(to.kind === 'workload'
      ? [networkPolicyChange('ingress', to, from, { protocol, port })]
      : []),
  ];
}

function legChanges(
  from: Party,
  to: WorkloadParty,
  call: Call,
  options: CallOptions,
): Candidate[] {
  const isTcp = (call.protocol ?? 'TCP') === 'TCP';
  const [carrier] = isTcp ? carriersBetween(from, to, options) : ['port'];
  const kernel = kernelChanges(from, to, call, carrier);
  const { mesh } = to.workload;
  const { port, http } = call;
  // A gateway is called without an identity of the mesh, and no PeerAuthentication holds there.
  if (isTcp && isGateway(to.cluster, to.workload))
    return [
      ...kernel,
      allowChange(to, {
        from,
        hasIdentity: false,
        port,
        ...(http ? { http } : {}),
      }),
    ];
  if (!isTcp || mesh === 'none') return kernel;
  const speaksMtls =
    from.kind === 'workload' &&
    (from.workload.mesh === 'sidecar' || from.workload.gateway !== undefined);
  const hasIdentity =
    carrier === 'tunnel' || (mesh === 'sidecar' && speaksMtls);
  return [
    ...kernel,
    permissiveChange(to, from, port),
    allowChange(to, {
      from,
      hasIdentity,
      port,
      // ztunnel leaves out rules with anything of HTTP.
      ...(mesh === 'sidecar' && http ? { http } : {}),
    }),
  ];
}

/** DENY policies without the rules that the verdict names. */
function denials(world: World, to: WorkloadParty, call: Call): Candidate[] {
  const found = evaluate(world, call).hops.flatMap(hop => hop.by);
  return world
    .of(to.cluster)
    .authorization.policies.filter(({ spec }) => spec.action === 'DENY')
    .flatMap(policy => {
      const rules = found
        .filter(ref => objectName(ref) === objectName(policy.ref))
        .map(ref => /^rules\[(\d+)\]$/.exec(ref.rule ?? '')?.[1])
        .filter(index => index !== undefined)
        .map(Number);
      return rules.length > 0
        ? [withoutRules(policy, to.cluster, [...new Set(rules)])]
        : [];
    });
}

/** Every change that might help, on each way that the call may take; additions first, edits of a DENY last. */
export function candidatesFor(
  world: World,
  from: Party,
  to: Party,
  call: Call,
): Candidate[] {
  if (to.kind === 'address') return kernelChanges(from, to, call, 'port');
  const { via } = addressOf(call, to);
  const options: CallOptions = {
    ...(call.tls ? { tls: call.tls } : {}),
    ...(via ? { via } : {}),
  };
  const ways = waysFor(from, to, options);
  const leading = ways.filter(({ target }) => target === call.port);
  const found = (leading.length > 0 ? leading : ways).flatMap(
    ({ stop, address }): Candidate[] => {
      if (!stop || (call.protocol ?? 'TCP') !== 'TCP')
        return legChanges(from, to, call, options);
      return [
        ...kernelChanges(from, stop.party, call, 'tunnel'),
        waypointChange(stop, {
          from,
          hasIdentity: true,
          port: address?.port.port ?? call.port,
          ...(call.http ? { http: call.http } : {}),
        }),
        ...legChanges(stop.party, to, call, {}),
      ];
    },
  );
  const distinct = new Map(found.map(each => [each.change.yaml, each]));
  return [...distinct.values(), ...denials(world, to, call)];
}
