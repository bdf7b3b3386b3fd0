import type { WorldContext } from './randomWorld';
import { Manifest } from './types';

type Spec = Record<string, unknown>;

function labelSelector({ random, workloads }: WorldContext): Spec {
  const some = random.one(workloads);
  switch (random.below(9)) {
    case 0:
      return {};
    case 8:
      return {
        matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'edge' },
      };
    case 5:
      return {
        matchLabels: random.one<Record<string, string>>([
          { 'security.istio.io/tlsMode': 'istio' },
          { 'service.istio.io/canonical-name': some.name },
        ]),
      };
    case 1:
      return { matchLabels: { tier: random.one(['front', 'back']) } };
    case 2:
      return {
        matchLabels: { app: some.name, tier: random.one(['front', 'back']) },
      };
    case 3:
      return {
        matchExpressions: [
          {
            key: 'app',
            operator: random.one(['In', 'NotIn']),
            values: [some.name, 'nobody'],
          },
        ],
      };
    case 4:
      return {
        matchExpressions: [
          { key: 'team', operator: random.one(['Exists', 'DoesNotExist']) },
        ],
      };
    default:
      return { matchLabels: { app: some.name } };
  }
}

function namespaceSelector({ random, namespaces }: WorldContext): Spec {
  switch (random.below(4)) {
    case 0:
      return {};
    case 1:
      return { matchLabels: { team: random.one(['red', 'blue']) } };
    case 2:
      return {
        matchExpressions: [
          {
            key: 'team',
            operator: random.one(['Exists', 'DoesNotExist', 'NotIn']),
          },
        ],
      };
    default:
      return {
        matchLabels: { 'kubernetes.io/metadata.name': random.one(namespaces) },
      };
  }
}

function ipBlock({ random }: WorldContext): Spec {
  return random.one<Spec>([
    { cidr: '0.0.0.0/0' },
    { cidr: '0.0.0.0/0', except: ['127.1.0.0/16'] },
    { cidr: '127.2.0.0/24' },
    { cidr: '127.2.0.0/24', except: ['127.2.0.8/29', '127.2.0.64/26'] },
    { cidr: '127.1.0.0/16' },
    { cidr: '127.3.0.9/32' },
    { cidr: '127.2.0.0/16' },
    { cidr: '127.2.0.0/16', except: ['127.2.9.0/24'] },
  ]);
}

function peer(context: WorldContext): Spec {
  switch (context.random.below(5)) {
    case 0:
      return { ipBlock: ipBlock(context) };
    case 1:
      return { namespaceSelector: withValues(namespaceSelector(context)) };
    case 2:
      return {
        namespaceSelector: withValues(namespaceSelector(context)),
        podSelector: labelSelector(context),
      };
    default:
      return { podSelector: labelSelector(context) };
  }
}

/** `NotIn` has values, the others have none. */
function withValues(selector: Spec): Spec {
  const expressions = selector.matchExpressions as
    | { operator: string }[]
    | undefined;
  return expressions
    ? {
        matchExpressions: expressions.map(each =>
          each.operator === 'NotIn' ? { ...each, values: ['red'] } : each,
        ),
      }
    : selector;
}

function port({ random }: WorldContext): Spec {
  return random.one<Spec>([
    { port: 8080 },
    { port: 8080, protocol: 'TCP' },
    { port: 9090, protocol: 'TCP' },
    { port: 'http-api' },
    { port: 'tcp-db', protocol: 'TCP' },
    { port: 'nowhere' },
    { port: 8080, endPort: 9090, protocol: 'TCP' },
    { port: 9000, endPort: 9089, protocol: 'TCP' },
    { protocol: 'TCP' },
    { protocol: 'UDP' },
    { port: 8080, protocol: 'UDP' },
    { port: 53, protocol: 'UDP' },
    { port: 'udp-log', protocol: 'UDP' },
    { port: 5000, endPort: 5353, protocol: 'UDP' },
    { port: 3868, protocol: 'SCTP' },
    { port: 'sctp-sig', protocol: 'SCTP' },
    { protocol: 'SCTP' },
  ]);
}

function rule(context: WorldContext, peers: 'from' | 'to'): Spec {
  const { random } = context;
  const list = <T>(most: number, make: () => T) =>
    Array.from({ length: random.below(most + 1) }, make);
  return {
    ...(random.chance(0.9) && { [peers]: list(2, () => peer(context)) }),
    ...(random.chance(0.7) && { ports: list(2, () => port(context)) }),
  };
}

/** A NetworkPolicy as people write them, also oddly: empty lists, rules of a direction that it is not about. */
export function randomNetworkPolicy(
  context: WorldContext,
  name: string,
): Manifest {
  const { random, namespaces } = context;
  const rules = (peers: 'from' | 'to') =>
    Array.from({ length: random.below(3) }, () => rule(context, peers));
  const types = random.one([
    undefined,
    undefined,
    ['Ingress'],
    ['Egress'],
    ['Ingress', 'Egress'],
  ]);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: random.one(namespaces) },
    spec: {
      podSelector: labelSelector(context),
      ...(types && { policyTypes: types }),
      ...(random.chance(0.8) && { ingress: rules('from') }),
      ...(random.chance(0.4) && { egress: rules('to') }),
    },
  };
}
