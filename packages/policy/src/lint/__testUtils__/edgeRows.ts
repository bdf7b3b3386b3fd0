import {
  networkPolicy,
  policy,
  shop,
  toOrders,
} from '../../evaluate/__testUtils__/ask';
import { deployment, statedProfile } from '../../evaluate/__testUtils__/worlds';
import { LintRow, namespace, object, service } from './LintRow';

const gateway = (id: string, spec: string, labels = '') =>
  object(
    'gateway.networking.k8s.io/v1',
    'Gateway',
    id,
    spec,
    labels && `, labels: { ${labels} }`,
  );
const HTTP = 'listeners: [{ name: http, port: 80, protocol: HTTP }]';
const edge = gateway('edge/door', `{ gatewayClassName: istio, ${HTTP} }`);
const waypointOf = (id: string, more = '') =>
  gateway(
    id,
    `{ gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE${more} }] }`,
  );
const lentTo = (labels: string) =>
  service('shop/orders', '{ name: http, port: 80, targetPort: 8080 }').replace(
    'name: orders,',
    `name: orders, labels: { ${labels} },`,
  );
const behind = (labels: string) =>
  shop + edge + waypointOf('shop/waypoint') + lentTo(labels);
const USES = 'istio.io/use-waypoint: waypoint';
const onService = policy(
  '{ targetRefs: [{ kind: Service, group: "", name: orders }], rules: [{ to: [{ operation: { methods: [GET] } }] }] }',
);
const toOrdersFrom = (source: string, action = 'ALLOW') =>
  policy(
    `{ selector: { matchLabels: { app: orders } }, action: ${action}, rules: [{ from: [{ source: { ${source} } }] }] }`,
    'of-orders',
  );
const OFFICE = '203.0.113.0/24';
const partner = (location: string) =>
  object(
    'networking.istio.io/v1',
    'ServiceEntry',
    'shop/partner',
    `{ hosts: [api.partner.example], location: ${location}, ports: [{ name: tls, number: 443, protocol: TLS }], resolution: DNS }`,
  );
const denyPartner = policy(
  '{ action: DENY, rules: [{ to: [{ operation: { hosts: [api.partner.example, "api.partner.example:*"] } }] }] }',
);
const published = (more = '') =>
  service(
    'shop/orders',
    '{ name: http, port: 80, targetPort: 8080 }',
    `, type: LoadBalancer${more}`,
  );
const rewriting = (name: string) =>
  object(
    'networking.istio.io/v1',
    'VirtualService',
    'shop/routes',
    `{ hosts: [shop.example], http: [{ match: [{ uri: { prefix: /api/orders } }], rewrite: { uri: / }, route: [{ destination: { host: ${name} } }] }] }`,
  );
const byPath = policy(
  '{ selector: { matchLabels: { app: orders } }, rules: [{ to: [{ operation: { paths: [/api/orders] } }] }] }',
);
const http = service(
  'shop/orders',
  '{ name: http, port: 80, targetPort: 8080 }',
);
const denying = (from: string) =>
  policy(
    `{ selector: { matchLabels: { app: orders } }, action: DENY, rules: [{ from: [${from}] }] }`,
  );
const admittingBlock = (cidr: string) =>
  toOrders(`ingress: [{ from: [{ ipBlock: { cidr: ${cidr} } }] }]`);
const agent = (network: string) =>
  shop + deployment('other/agent', { pod: network });
const toAgent = networkPolicy(
  '{ podSelector: { matchLabels: { app: checkout } }, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: other } } }, { podSelector: { matchLabels: { app: agent } } }], ports: [{ port: 61678, protocol: TCP }] }] }',
  'agents',
);

/** What happens between the edge of the mesh and the pods. */
export const edgeRows: readonly LintRow[] = [
  {
    code: 'gateway-past-waypoint',
    about: 'a policy of a Service that a gateway reaches past its waypoint',
    why: 'Gateways use waypoints where istio.io/ingress-use-waypoint says so (istio#51214).',
    wrong: behind(USES) + onService,
    right: behind(`${USES}, istio.io/ingress-use-waypoint: "true"`) + onService,
    mesh: 'ambient',
    says: ['edge/Deployment/door-istio', 'Service shop/orders', 'straight'],
  },
  {
    code: 'gateway-past-waypoint',
    about: 'a gateway that ztunnel admits',
    why: 'What ztunnel refuses does not get past the waypoint either.',
    wrong:
      behind(USES) +
      onService +
      toOrdersFrom('principals: [cluster.local/ns/edge/sa/door-istio]'),
    right:
      behind(USES) +
      onService +
      toOrdersFrom('principals: [cluster.local/ns/shop/sa/waypoint]'),
    mesh: 'ambient',
    says: ['edge/Deployment/door-istio'],
  },
  {
    code: 'gateway-closed',
    about: 'a deny-all of the root namespace',
    why: 'Policies of the root namespace hold at gateways (istio#24217).',
    wrong: shop + edge + policy('{}', 'deny-all', 'istio-system'),
    right:
      shop +
      edge +
      policy('{}', 'deny-all', 'istio-system') +
      policy('{ rules: [{}] }', 'open', 'edge'),
    says: ['edge/Deployment/door-istio', 'root namespace'],
  },
  {
    code: 'gateway-closed',
    about: 'a deny-all of the namespace of the gateway',
    why: 'A policy without a selector is for every proxy of its namespace (istio.io, AuthorizationPolicy: selector).',
    wrong: shop + edge + policy('{}', 'deny-all', 'edge'),
    right: shop + edge + policy('{}', 'deny-all', 'shop'),
    says: ['edge/Deployment/door-istio', 'every proxy of its namespace'],
  },
  {
    code: 'waypoint-not-lent',
    about: 'a waypoint of another namespace that takes its own only',
    why: 'A listener without allowedRoutes takes namespace Same (istio waypoints.go, AllowsAttachmentFromNamespace).',
    wrong:
      shop +
      namespace('shop', `${USES}, istio.io/use-waypoint-namespace: infra`) +
      waypointOf('infra/waypoint'),
    right:
      shop +
      namespace('shop', `${USES}, istio.io/use-waypoint-namespace: infra`) +
      waypointOf(
        'infra/waypoint',
        ', allowedRoutes: { namespaces: { from: All } }',
      ),
    mesh: 'ambient',
    field: 'metadata.labels.istio.io/use-waypoint',
    says: ['infra/waypoint', 'allowedRoutes', 'straight to the pods'],
  },
  {
    code: 'outbound-not-limited',
    about: 'a host of a ServiceEntry in a policy of pods',
    why: 'AuthorizationPolicies hold for calls that arrive (istio#53904, #30631).',
    wrong: shop + partner('MESH_EXTERNAL') + denyPartner,
    right: shop + partner('MESH_INTERNAL') + denyPartner,
    field: 'spec.rules[0].to[0].operation.hosts',
    says: ['api.partner.example', 'nobody enforces it'],
  },
  {
    code: 'gateway-hides-address',
    about: 'addresses of an office at a workload behind a gateway',
    why: 'ipBlocks is the address of the direct peer (istio#30166, #33513).',
    wrong: shop + edge + toOrdersFrom(`ipBlocks: [${OFFICE}]`),
    right: shop + edge + toOrdersFrom(`remoteIpBlocks: [${OFFICE}]`),
    field: 'spec.rules[0].from[0].source.ipBlocks',
    says: ['shop/Deployment/orders', 'edge/Deployment/door-istio'],
  },
  {
    code: 'gateway-hides-address',
    about: 'addresses that are refused, at a workload behind a gateway',
    why: 'A DENY that matches nobody refuses nobody; without a gateway the addresses are those of callers.',
    wrong: shop + edge + toOrdersFrom(`ipBlocks: [${OFFICE}]`, 'DENY'),
    right: shop + toOrdersFrom(`ipBlocks: [${OFFICE}]`, 'DENY'),
    field: 'spec.rules[0].from[0].source.ipBlocks',
    says: ['in place of that of a caller'],
  },
  {
    code: 'source-address-hidden',
    about: 'addresses of clients behind a load balancer',
    why: 'With externalTrafficPolicy Cluster nodes put their own address in (kubernetes.io, Source IP for Services).',
    wrong: shop + published() + admittingBlock(OFFICE),
    right:
      shop +
      published(', externalTrafficPolicy: Local') +
      admittingBlock(OFFICE),
    field: 'spec.ingress[0].from[0].ipBlock.cidr',
    says: ['Service shop/orders', 'refused'],
  },
  {
    code: 'source-address-hidden',
    about: 'addresses of clients, where nobody states those of nodes',
    why: 'A private block may be that of the nodes themselves, which is admitted then.',
    wrong: shop + published() + admittingBlock(OFFICE),
    right: shop + published() + admittingBlock('10.0.0.0/8'),
    profile: statedProfile({
      network: { podCidrs: [], nodeCidrs: [], serviceCidrs: [] },
    }),
    field: 'spec.ingress[0].from[0].ipBlock.cidr',
    says: ['refused'],
  },
  {
    code: 'source-address-hidden',
    about: 'addresses of nodes behind a load balancer',
    why: 'The same address stands for the internet (antrea#280).',
    wrong: shop + published() + admittingBlock('10.32.0.0/16'),
    right:
      shop +
      published(', externalTrafficPolicy: Local') +
      admittingBlock('10.32.0.0/16'),
    profile: statedProfile({
      network: {
        podCidrs: [],
        nodeCidrs: ['10.32.0.0/16'],
        serviceCidrs: [],
      },
    }),
    field: 'spec.ingress[0].from[0].ipBlock.cidr',
    says: ['from anywhere'],
  },
  {
    code: 'ports-beside-hbone',
    about: 'a port of an ambient workload beside 15008',
    why: 'NetworkPolicy does not see into HBONE (istio#56659).',
    wrong:
      shop +
      toOrders('ingress: [{ ports: [{ port: 8080 }, { port: 15008 }] }]'),
    right:
      shop +
      toOrders('ingress: [{ ports: [{ port: 8080 }, { port: 15008 }] }]') +
      policy(
        '{ selector: { matchLabels: { app: orders } }, rules: [{ to: [{ operation: { ports: ["8080"] } }] }] }',
      ),
    mesh: 'ambient',
    field: 'spec.ingress[0].ports',
    says: ['8080', 'every port of shop/Deployment/orders'],
  },
  {
    code: 'host-network-selected',
    about: 'pods on the host network, by labels beside their namespace',
    why: 'N1: labels do not select what has the address of a node (calico#4493).',
    wrong: agent('hostNetwork: true,') + toAgent,
    right: agent('') + toAgent,
    field: 'spec.egress[0].to[1]',
    says: ['other/Deployment/agent'],
  },
  {
    code: 'path-rewritten',
    about: 'a path in front of which a VirtualService changes it',
    why: 'The proxy of the provider sees the request after the rewrite (istio.io, VirtualService: rewrite).',
    wrong: shop + http + byPath + rewriting('orders'),
    right: shop + http + byPath + rewriting('checkout'),
    field: 'spec.rules[0].to[0].operation.paths',
    says: ['VirtualService shop/routes'],
  },
  {
    code: 'or-instead-of-and',
    about: 'exceptions of a DENY in entries of their own',
    why: 'Entries of a list are alternatives (istio.io, AuthorizationPolicy: from).',
    wrong:
      shop +
      denying(
        '{ source: { notNamespaces: [shop] } }, { source: { notNamespaces: [other] } }',
      ),
    right: shop + denying('{ source: { notNamespaces: [shop, other] } }'),
    field: 'spec.rules[0].from[1]',
    says: ['refuse everything'],
  },
];
