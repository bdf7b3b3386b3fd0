import { KubernetesObject, Protocol } from '../../estate/types';
import { Party, WorkloadParty } from '../party';
import { Candidate, addition } from './Candidate';
import { podSelector } from './podSelector';
import { byLabels } from './whom';

function peerOf(party: Party): Record<string, unknown> {
  if (party.kind === 'address')
    return { ipBlock: { cidr: party.addresses.toCidrs()[0] } };
  return {
    namespaceSelector: {
      matchLabels: { 'kubernetes.io/metadata.name': party.workload.namespace },
    },
    podSelector: podSelector(party),
  };
}

/** A network policy that lets one connection in or out. */
export function networkPolicyChange(
  direction: 'ingress' | 'egress',
  subject: WorkloadParty,
  other: Party,
  { protocol, port }: { protocol: Protocol; port: number },
): Candidate {
  const { workload, cluster } = subject;
  const field = direction === 'ingress' ? 'from' : 'to';
  const ports = [{ port, protocol }];
  const object: KubernetesObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: `${workload.name}-${direction}-${port}`,
      namespace: workload.namespace,
    },
    spec: {
      podSelector: podSelector(subject),
      policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
      [direction]: [{ [field]: [peerOf(other)], ports }],
    },
  };
  const where =
    direction === 'ingress'
      ? `from ${byLabels(other)} into ${byLabels(subject)}`
      : `out of ${byLabels(subject)} to ${byLabels(other)}`;
  return addition(
    cluster,
    'kernel',
    object,
    `Add a network policy that lets ${protocol} ${port} ${where}.`,
  );
}
