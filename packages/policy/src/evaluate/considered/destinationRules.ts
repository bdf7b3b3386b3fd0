import { Party, WorkloadParty } from '../party';
import { Call, ConsideredObject } from '../types';
import { World } from '../World';
import { addressOf } from '../addressOf';

const TEXTS = {
  plaintext: (from: string) =>
    `Its trafficPolicy.tls has ${from} call without the mutual TLS of the mesh.`,
  mtls: (from: string) =>
    `Its trafficPolicy.tls has ${from} call over the mutual TLS of the mesh.`,
  auto: () => 'It leaves it to the mesh how calls are encrypted.',
} as const;

/** DestinationRules that say how the caller's sidecar speaks to the provider. */
export function destinationRules(
  world: World,
  from: Party,
  to: WorkloadParty,
  call: Call,
): ConsideredObject[] {
  if (from.kind === 'address' || from.workload.mesh !== 'sidecar') return [];
  if (call.tls) return [];
  const { via } = addressOf(call, to);
  const service = typeof via === 'object' ? via.service : undefined;
  const entries =
    world
      .of(to.cluster)
      .destinationRules.toPorts(from.workload.namespace, to.workload, service)
      .get(call.port) ?? [];
  return entries.flatMap(({ by, transport }) =>
    by
      ? [
          {
            ...by,
            considered: transport !== 'auto',
            text: TEXTS[transport](from.workload.id),
          },
        ]
      : [],
  );
}
