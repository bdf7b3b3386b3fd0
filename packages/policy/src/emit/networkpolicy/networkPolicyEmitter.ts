import { Edge, EdgeEnd, Isolation, PlumbingEdge } from '../../plan/types';
import { groupBy } from '../groupBy';
import { metadataOf, ORDER } from '../metadata';
import { objectName } from '../names';
import { EmitInput, Emitter, GeneratedObject } from '../types';
import {
  Opening,
  peerOfEnd,
  PeerRule,
  peerRules,
  peersOfPlumbing,
} from './peerRules';

type Direction = 'Ingress' | 'Egress';

function networkPolicy(
  direction: Direction,
  selected: EdgeEnd,
  rules: PeerRule[],
  metadata: GeneratedObject['metadata'],
): GeneratedObject {
  const written = rules.map(({ peers, ports }) =>
    direction === 'Ingress' ? { from: peers, ports } : { to: peers, ports },
  );
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: {
      podSelector: { matchLabels: selected.selector },
      policyTypes: [direction],
      ...(written.length > 0 && { [direction.toLowerCase()]: written }),
    },
  };
}

const openingsOf = (edges: readonly Edge[], side: 'from' | 'to'): Opening[] =>
  edges.map(edge => ({
    peer: peerOfEnd(edge[side]),
    port: { protocol: edge.protocol, port: edge.port },
  }));

const plumbingOpenings = (plumbing: readonly PlumbingEdge[]): Opening[] =>
  plumbing.flatMap(({ peer, ports }) =>
    peersOfPlumbing(peer).flatMap(one =>
      ports.map(port => ({ peer: one, port })),
    ),
  );

/** One policy for each workload and API; what the platform needs goes with the first API of the workload. */
function ingressPolicies(
  isolation: Isolation,
  input: EmitInput,
): GeneratedObject[] {
  const { workload } = isolation;
  return isolation.apis.map((api, index) => {
    const edges = input.edges.filter(
      edge => edge.api === api && edge.to.id === workload.id,
    );
    const plumbing = input.plumbing.filter(
      ({ direction, workload: about }) =>
        index === 0 && direction === 'ingress' && about.id === workload.id,
    );
    return networkPolicy(
      'Ingress',
      workload,
      peerRules([...openingsOf(edges, 'from'), ...plumbingOpenings(plumbing)]),
      metadataOf({
        name: objectName(api, workload),
        namespace: workload.namespace,
        api,
        grants: edges.map(({ grantId }) => grantId),
        order: ORDER.ingress,
      }),
    );
  });
}

/**
 * Opens a closed caller for what it is granted: one policy for each caller and API. Closing is the caller's decision, so
 * where it was made here, what is declared stays open whatever the mode of the API is.
 */
function egressPolicies(input: EmitInput): GeneratedObject[] {
  const needed = input.edges.filter(
    edge =>
      edge.egress === 'isolated-by-callgate' ||
      (edge.egress === 'isolated-by-others' && edge.mode === 'enforce'),
  );
  return groupBy(needed, edge => JSON.stringify([edge.api, edge.from.id])).map(
    ([, edges]) => {
      const [{ api, from }] = edges;
      return networkPolicy(
        'Egress',
        from,
        peerRules(openingsOf(edges, 'to')),
        metadataOf({
          name: objectName(api, from, ['egress']),
          namespace: from.namespace,
          api,
          grants: edges.map(({ grantId }) => grantId),
          order: ORDER.openEgress,
        }),
      );
    },
  );
}

function egressIsolation(
  isolation: Isolation,
  input: EmitInput,
): GeneratedObject {
  const { workload } = isolation;
  const plumbing = input.plumbing.filter(
    ({ direction, workload: about }) =>
      direction === 'egress' && about.id === workload.id,
  );
  return networkPolicy(
    'Egress',
    workload,
    peerRules(plumbingOpenings(plumbing)),
    metadataOf({
      name: objectName(undefined, workload, ['egress']),
      namespace: workload.namespace,
      order: ORDER.closeEgress,
    }),
  );
}

/**
 * The kernel layer in plain Kubernetes: allow lists on pods and ports. It has nothing that records without refusing.
 *
 * @public
 */
export const networkPolicyEmitter: Emitter = {
  name: 'networkpolicy',
  capabilities: { layers: ['kernel'], dryRun: false },
  emit(input) {
    const enforced = input.isolations.filter(
      ({ mode, layers }) => mode === 'enforce' && layers.kernel,
    );
    return [
      ...enforced
        .filter(({ direction }) => direction === 'ingress')
        .flatMap(isolation => ingressPolicies(isolation, input)),
      ...egressPolicies(input),
      ...enforced
        .filter(({ direction }) => direction === 'egress')
        .map(isolation => egressIsolation(isolation, input)),
    ];
  },
};
