import { HBONE_PORT } from '../../plan/routeOf';
import {
  Edge,
  EdgeEnd,
  KernelHop,
  Isolation,
  PlumbingEdge,
} from '../../plan/types';
import { Recall } from '../../Recall';
import { groupBy } from '../groupBy';
import { metadataOf, ORDER } from '../metadata';
import { objectName } from '../names';
import { EmitInput, Emitter, GeneratedObject } from '../types';
import {
  Opening,
  PeerRule,
  peerRules,
  peersOfEnd,
  peersOfPlumbing,
} from './peerRules';
import { plumbingAbout } from '../../plan/lookups';

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

interface GrantedHop {
  hop: KernelHop;
  api: string;
  grantId: string;
}

const granted = new Recall<Edge, GrantedHop[]>();

function hopsOf(edges: readonly Edge[]): GrantedHop[] {
  return edges.flatMap(edge =>
    granted.get(edge, [], () =>
      edge.hops.map(hop => ({ hop, api: edge.api, grantId: edge.grantId })),
    ),
  );
}

const opensOf = ({
  grantId,
  hop: { protocol, port },
}: Pick<GrantedHop, 'grantId' | 'hop'>) =>
  [grantId, [{ protocol, port }]] as const;

const openingsOf = (
  hops: readonly GrantedHop[],
  side: 'from' | 'to',
): Opening[] =>
  hops.flatMap(({ hop }) =>
    peersOfEnd(hop[side]).map(peer => ({
      peer,
      port: { protocol: hop.protocol, port: hop.port },
    })),
  );

const plumbingOpenings = (plumbing: readonly PlumbingEdge[]): Opening[] =>
  plumbing.flatMap(({ peer, ports, hbone }) =>
    peersOfPlumbing(peer).flatMap(one =>
      ports.map(({ protocol, port, endPort }) => ({
        peer: one,
        port: {
          port: hbone && protocol === 'TCP' ? HBONE_PORT : port,
          ...(endPort !== undefined && { endPort }),
          protocol,
        },
      })),
    ),
  );

const emitted = new Recall<Isolation, GeneratedObject[]>();

/** One policy for each workload and API; what the platform needs goes with the first API of the workload. */
function ingressPolicies(
  isolation: Isolation,
  hops: readonly GrantedHop[],
  input: EmitInput,
): GeneratedObject[] {
  const { workload } = isolation;
  const plumbing = plumbingAbout(input.plumbing, workload.id).filter(
    ({ direction }) => direction === 'ingress',
  );
  return emitted.get(isolation, [...hops, ...plumbing], () =>
    isolation.apis.map((api, index) =>
      ingressPolicy(
        workload,
        api,
        hops.filter(each => each.api === api),
        plumbingOpenings(index === 0 ? plumbing : []),
      ),
    ),
  );
}

function ingressPolicy(
  workload: EdgeEnd,
  api: string,
  hops: readonly GrantedHop[],
  plumbing: readonly Opening[],
): GeneratedObject {
  return networkPolicy(
    'Ingress',
    workload,
    peerRules([...openingsOf(hops, 'from'), ...plumbing]),
    metadataOf({
      name: objectName(api, workload),
      namespace: workload.namespace,
      api,
      grants: hops.map(({ grantId }) => grantId),
      opens: hops.map(opensOf),
      order: ORDER.ingress,
    }),
  );
}

/** Opens what hand-written policies isolate on the way to the provider: a waypoint's pods. */
function openingPolicies(hops: readonly GrantedHop[]): GeneratedObject[] {
  return groupBy(
    hops.flatMap(each =>
      each.hop.ingress === 'isolated-by-others' &&
      each.hop.to.kind === 'workload'
        ? [{ ...each, to: each.hop.to }]
        : [],
    ),
    ({ api, to }) => JSON.stringify([api, to.id]),
  ).map(([, group]) => ingressPolicy(group[0].to, group[0].api, group, []));
}

/** Opens a closed caller, or a waypoint that calls for it, for what is granted: one policy for each of them and API. */
function egressPolicies(hops: readonly GrantedHop[]): GeneratedObject[] {
  const needed = hops.flatMap(({ hop, api, grantId }) =>
    hop.egress !== 'open' && hop.from.kind === 'workload'
      ? [{ hop, api, grantId, from: hop.from }]
      : [],
  );
  return groupBy(needed, ({ api, from }) => JSON.stringify([api, from.id])).map(
    ([, group]) => {
      const [{ api, from }] = group;
      return networkPolicy(
        'Egress',
        from,
        peerRules(openingsOf(group, 'to')),
        metadataOf({
          name: objectName(api, from, ['egress']),
          namespace: from.namespace,
          api,
          grants: group.map(({ grantId }) => grantId),
          opens: group.map(opensOf),
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
  const plumbing = plumbingAbout(input.plumbing, workload.id).filter(
    ({ direction }) => direction === 'egress',
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
    const hops = hopsOf(input.edges);
    const into = new Map(
      groupBy(
        hops.filter(({ hop }) => hop.ingress === 'isolated-by-callgate'),
        ({ hop }) => hop.to.id,
      ),
    );
    return [
      ...enforced
        .filter(({ direction }) => direction === 'ingress')
        .flatMap(isolation =>
          ingressPolicies(
            isolation,
            into.get(isolation.workload.id) ?? [],
            input,
          ),
        ),
      ...openingPolicies(hops),
      ...egressPolicies(hops),
      ...enforced
        .filter(({ direction }) => direction === 'egress')
        .map(isolation => egressIsolation(isolation, input)),
    ];
  },
};
