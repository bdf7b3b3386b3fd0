import {
  networkPolicy,
  peerAuthentication,
  policy,
  shop,
  toOrders,
} from '../../evaluate/__testUtils__/ask';
import { deployment, statedProfile } from '../../evaluate/__testUtils__/worlds';
import { LintRow, namespace, object, service } from './LintRow';

const FROM_CHECKOUT =
  'from: [{ podSelector: { matchLabels: { app: checkout } } }]';
const TO_ORDERS = 'to: [{ podSelector: { matchLabels: { app: orders } } }]';
const closed = (rules: string, more = 'policyTypes: [Egress], ') =>
  networkPolicy(
    `{ podSelector: { matchLabels: { app: checkout } }, ${more}egress: [${rules}] }`,
    'out',
  );
const DNS = '{ ports: [{ port: 53, protocol: UDP }] }';
const clusterIp = service(
  'shop/orders',
  '{ port: 80, targetPort: 8080 }',
  ', clusterIP: 10.96.7.7',
);
const waypoint = object(
  'gateway.networking.k8s.io/v1',
  'Gateway',
  'shop/waypoint',
  '{ gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }',
);
const authentication = object(
  'security.istio.io/v1',
  'RequestAuthentication',
  'shop/jwt',
  '{ selector: { matchLabels: { app: orders } }, jwtRules: [{ issuer: https://id.example }] }',
);
const asksForToken = policy(
  '{ selector: { matchLabels: { app: orders } }, rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }',
);
const http = service(
  'shop/orders',
  '{ name: http, port: 80, targetPort: 8080 }',
);
/** A workload with an init container, by an injector that does not know native sidecars unless the pod asks for one. */
const withInit = (
  command: string,
  native = 'false',
) => `${shop}${http}apiVersion: apps/v1
kind: Deployment
metadata: { name: loader, namespace: shop }
spec:
  template:
    metadata: { labels: { app: loader }, annotations: { sidecar.istio.io/nativeSidecar: "${native}" } }
    spec:
      serviceAccountName: loader
      initContainers:
        - { name: sidekick, restartPolicy: Always, command: [nc, -z, orders, "80"] }
        - { name: wait, command: [sh, -c, ${JSON.stringify(command)}] }
      containers: [{ name: app }]
---
`;
const withProxy = (place: 0 | 1) => {
  const inits = [
    '{ name: wait, args: ["http://orders"] }',
    '{ name: istio-proxy, restartPolicy: Always }',
  ];
  const list = place === 0 ? inits.reverse() : inits;
  return `${shop}${http}apiVersion: apps/v1
kind: Deployment
metadata: { name: loader, namespace: shop }
spec:
  template:
    metadata: { labels: { app: loader } }
    spec: { initContainers: [${list.join(', ')}], containers: [{ name: app }] }
---
`;
};
const runningWith = (place: 'containers' | 'initContainers') => `apiVersion: v1
kind: Pod
metadata: { name: other, namespace: other, labels: { app: other } }
spec: ${JSON.stringify({
  nodeName: 'n',
  initContainers: [{ name: 'istio-init' }],
  containers: [{ name: 'app' }],
  [place]: [{ name: 'app' }, { name: 'istio-proxy', restartPolicy: 'Always' }],
})}
---
`;
const injected = namespace('shop', 'istio-injection: enabled');
const runs = (name: string, label: string, proxy: string) => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels: { app: old${label} }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: old, controller: true }]
spec: { containers: [{ name: app }${proxy}] }
status: { phase: Running }
---
`;
const onlyLoader = policy(
  '{ selector: { matchLabels: { app: orders } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/loader] } }] }] }',
);
const openOrders = policy(
  '{ selector: { matchLabels: { app: orders } }, rules: [{}] }',
);
const excluding = (port: number) =>
  deployment('shop/orders', {
    annotations: `traffic.sidecar.istio.io/excludeInboundPorts: "${port}"`,
  });

const strict = peerAuthentication('{ mtls: { mode: STRICT } }');
const plaintextTo = (mode: string) =>
  object(
    'networking.istio.io/v1',
    'DestinationRule',
    'shop/orders',
    `{ host: orders.shop.svc.cluster.local, trafficPolicy: { tls: { mode: ${mode} } } }`,
  );
const toHosts = (hosts: string) =>
  policy(
    `{ selector: { matchLabels: { app: orders } }, rules: [{ to: [{ operation: { hosts: [${hosts}] } }] }] }`,
  );
const probed = deployment('shop/orders').replace(
  'name: main,',
  'name: main, readinessProbe: { tcpSocket: { port: 8081 } },',
);
const behindWaypoint = `${shop + waypoint}${service(
  'shop/orders',
  '{ name: http, port: 80, targetPort: 8080 }',
).replace(
  'name: orders,',
  'name: orders, labels: { istio.io/use-waypoint: waypoint },',
)}`;
const admitting = (account: string) =>
  policy(
    `{ selector: { matchLabels: { app: orders } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/${account}] } }] }] }`,
  );

/** What people run into, each with its true cause. */
export const causeRows: readonly LintRow[] = [
  {
    code: 'dns-closed',
    about: 'egress that is opened to pods alone',
    why: 'Pods find each other by names of Services, and a policy with egress closes DNS as well (kubernetes.io, Network Policies).',
    wrong: shop + closed(`{ ${TO_ORDERS}, ports: [{ port: 8080 }] }`),
    right: shop + closed(`{ ${TO_ORDERS}, ports: [{ port: 8080 }] }, ${DNS}`),
    field: 'spec.egress',
    says: ['shop/Deployment/checkout', 'no rule of any policy opens UDP 53'],
  },
  {
    code: 'dns-closed',
    about: 'a cache on the node that no selector reaches',
    why: 'node-local-dns answers at an address of the node, which is no pod (kubernetes.io, NodeLocal DNSCache).',
    wrong:
      shop +
      closed(
        `{ ${TO_ORDERS}, ports: [{ port: 8080 }] }, { to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: UDP }] }`,
      ),
    right:
      shop +
      closed(
        `{ ${TO_ORDERS}, ports: [{ port: 8080 }] }, { to: [{ ipBlock: { cidr: 169.254.20.10/32 } }], ports: [{ port: 53, protocol: UDP }] }`,
      ),
    profile: statedProfile({
      dns: [
        {
          cidrs: ['169.254.20.10/32'],
          ports: [{ port: 53, protocol: 'UDP' }],
        },
      ],
    }),
    field: 'spec.egress',
    says: ['169.254.20.10/32', 'no selector of pods reaches'],
  },
  {
    code: 'ingress-closed-too',
    about: 'egress rules without policyTypes',
    why: 'Without policyTypes, Ingress is always set (NetworkPolicySpec of the API).',
    wrong: shop + closed(DNS, ''),
    right: shop + closed(DNS),
    field: 'spec.egress',
    says: ['nobody may call shop/Deployment/checkout'],
    ready: true,
  },
  {
    code: 'ingress-closed-too',
    about:
      'egress rules without policyTypes, beside a policy of another workload',
    why: 'Policies add up: one that opens ingress for the same pods says that it is meant.',
    wrong: shop + closed(DNS, '') + toOrders('ingress: [{}]'),
    right:
      shop +
      closed(DNS, '') +
      networkPolicy('{ podSelector: {}, ingress: [{}] }', 'open'),
    field: 'spec.egress',
    says: ['nobody may call'],
    ready: true,
  },
  {
    code: 'service-address-block',
    about: 'the address of a Service',
    why: 'Plugins match after the address of the Service was translated (kubernetes.io, Network Policies: ipBlock).',
    wrong:
      shop +
      clusterIp +
      closed('{ to: [{ ipBlock: { cidr: 10.96.7.7/32 } }] }'),
    right:
      shop +
      clusterIp +
      closed('{ to: [{ ipBlock: { cidr: 10.96.7.8/32 } }] }'),
    field: 'spec.egress[0].to[0].ipBlock.cidr',
    says: ['Service shop/orders', 'matches none'],
  },
  {
    code: 'service-address-block',
    about: 'the range of Services',
    why: 'The same for every Service.',
    wrong: shop + closed('{ to: [{ ipBlock: { cidr: 10.96.0.0/16 } }] }'),
    right: shop + closed('{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }'),
    profile: statedProfile({
      network: {
        podCidrs: [],
        nodeCidrs: [],
        serviceCidrs: ['10.96.0.0/12'],
      },
    }),
    field: 'spec.egress[0].to[0].ipBlock.cidr',
    says: ['inside the addresses of Services'],
  },
  {
    code: 'hbone-port-closed',
    about: 'ports of an ambient workload without 15008',
    why: 'Calls of the mesh arrive at ztunnel on 15008 (istio.io, Ambient and Kubernetes NetworkPolicy).',
    wrong:
      shop +
      toOrders(`ingress: [{ ${FROM_CHECKOUT}, ports: [{ port: 8080 }] }]`),
    right:
      shop +
      toOrders(
        `ingress: [{ ${FROM_CHECKOUT}, ports: [{ port: 8080 }, { port: 15008 }] }, { from: [{ ipBlock: { cidr: 169.254.7.127/32 } }], ports: [{ port: 8081 }] }]`,
      ),
    mesh: 'ambient',
    field: 'spec.ingress[0].ports',
    says: ['TCP 15008', 'shop/Deployment/orders'],
  },
  {
    code: 'waypoint-missing',
    about: 'a namespace that uses a waypoint which is not there',
    why: 'Without the Gateway, istiod sends calls straight to the pods (istio.io, Configure waypoint proxies).',
    wrong: shop + namespace('shop', 'istio.io/use-waypoint: waypoint'),
    right:
      shop + namespace('shop', 'istio.io/use-waypoint: waypoint') + waypoint,
    mesh: 'ambient',
    field: 'metadata.labels.istio.io/use-waypoint',
    says: ['Namespace shop', 'shop/waypoint', 'straight to the pods'],
  },
  {
    code: 'waypoint-not-admitted',
    about: 'a policy by selector that knows the callers and not the waypoint',
    why: 'ztunnel sees the identity of the waypoint (istio.io, Use Layer 7 features).',
    wrong: behindWaypoint + admitting('checkout'),
    right: behindWaypoint + admitting('waypoint'),
    mesh: 'ambient',
    says: ['shop/Deployment/orders', 'shop/Deployment/waypoint'],
  },
  {
    code: 'waypoint-not-admitted',
    about: 'a policy for the workload beside one of the whole namespace',
    why: 'Policies with action ALLOW add up: one of them has to admit the waypoint, and the one of the workload is where it belongs.',
    wrong: behindWaypoint + policy('{}', 'a-nothing') + admitting('checkout'),
    right: behindWaypoint + policy('{}', 'a-nothing') + admitting('waypoint'),
    mesh: 'ambient',
    says: ['AuthorizationPolicy shop/ap', 'shop/Deployment/waypoint'],
  },
  {
    code: 'waypoint-not-admitted',
    about: 'a deny-all of the namespace',
    why: 'The same for a policy that admits nobody; a workload without waypoint is meant to be closed.',
    wrong: behindWaypoint + policy('{}'),
    right: shop + policy('{}'),
    mesh: 'ambient',
    says: ['shop/Deployment/orders', 'refused'],
  },
  {
    code: 'destination-rule-against-mtls',
    about: 'mode DISABLE towards a workload that is STRICT',
    why: 'A sidecar sends what the DestinationRule says (istio.io, Understanding TLS Configuration).',
    wrong: shop + http + strict + plaintextTo('DISABLE'),
    right: shop + http + strict + plaintextTo('ISTIO_MUTUAL'),
    field: 'spec.trafficPolicy',
    says: ['DestinationRule shop/orders', 'shop/Deployment/orders', 'STRICT'],
  },
  {
    code: 'destination-rule-against-mtls',
    about: 'mode SIMPLE of one port towards a workload that is STRICT',
    why: 'TLS of somebody else is none of the mesh; a workload that takes plaintext refuses nothing.',
    wrong: shop + http + strict + plaintextTo('SIMPLE'),
    right: shop + http + plaintextTo('SIMPLE'),
    field: 'spec.trafficPolicy',
    says: ['refused'],
  },
  {
    code: 'pod-without-sidecar',
    about: 'pods that were made before their namespace was labelled',
    why: 'Injection occurs when pods are made (istio.io, Installing the Sidecar); one on the host network or out of the mesh gets none.',
    wrong: injected + runs('a', '', '') + runs('b', '', ''),
    right:
      injected +
      runs('a', '', ', { name: istio-proxy }') +
      runs('b', ', sidecar.istio.io/inject: "false"', ''),
    says: ['Pod shop/a', '1 more of its owner'],
  },
  {
    code: 'init-container-before-proxy',
    about: 'an init container that waits for a Service under STRICT',
    why: 'Without native sidecars it runs before the proxy (istio, reorderPod of pkg/kube/inject/webhook.go; istio.io, Compatibility with application init containers).',
    wrong: withInit('until nc -z orders 80; do sleep 1; done') + strict,
    right: withInit('until nc -z orders 80; do sleep 1; done', 'true') + strict,
    field: 'spec.template.spec.initContainers[1]',
    says: [
      '(wait)',
      'Service shop/orders',
      'shop/Deployment/orders',
      'no identity',
    ],
  },
  {
    code: 'init-container-before-proxy',
    about: 'one that loads from a Service whose policy admits identities',
    why: 'Plaintext has no principal (I1); what asks for none, or is called otherwise, is no matter.',
    wrong: withInit('wget http://orders.shop.svc.cluster.local/x') + onlyLoader,
    right:
      withInit(
        'wget http://orders.shop.example.com/ http://my-orders/ orders 8080',
      ) + onlyLoader,
    field: 'spec.template.spec.initContainers[1]',
    says: ['Service shop/orders'],
  },
  {
    code: 'init-container-before-proxy',
    about: 'one in a mesh whose running pods have the proxy beside the others',
    why: 'How pods were injected shows what the injector does (istio, ENABLE_NATIVE_SIDECARS).',
    wrong: withInit('nc orders 80', '') + strict + runningWith('containers'),
    right:
      withInit('nc orders 80', '') + strict + runningWith('initContainers'),
    field: 'spec.template.spec.initContainers[1]',
    says: ['Service shop/orders'],
  },
  {
    code: 'init-container-before-proxy',
    about:
      'one that stands before the proxy in a pod that was injected by hand',
    why: 'Init containers run one after the other (Kubernetes, Init Containers): what stands behind a native sidecar has it.',
    wrong: withProxy(1) + strict,
    right: withProxy(0) + strict,
    field: 'spec.template.spec.initContainers[0]',
    says: ['Service shop/orders'],
  },
  {
    code: 'invalid-object',
    about:
      'a name with an underscore, where 253 characters without dots are taken',
    why: 'Names are DNS subdomains, of which only the whole is limited (apimachinery, IsDNS1123Subdomain).',
    wrong: shop + networkPolicy('{ podSelector: {} }', 'a_b'),
    right: shop + networkPolicy('{ podSelector: {} }', 'a'.repeat(253)),
    field: 'metadata.name',
    says: ['a_b', 'no DNS name'],
  },
  {
    code: 'host-spellings',
    about: 'a Service by one of its names',
    why: 'Host is compared as it was sent (istio.io, AuthorizationPolicy: hosts).',
    wrong: shop + http + toHosts('orders.shop, "orders.shop:*"'),
    right:
      shop +
      http +
      toHosts('orders, orders.shop, orders.shop.svc, "orders.shop.svc.*"'),
    field: 'spec.rules[0].to[0].operation.hosts',
    says: ['Service shop/orders', 'orders.shop.svc.cluster.local'],
  },
  {
    code: 'host-spellings',
    about: 'a bare name of the own namespace',
    why: 'A host that is no Service of the cluster is somebody else to say.',
    wrong: shop + http + toHosts('orders'),
    right: shop + http + toHosts('orders.example'),
    field: 'spec.rules[0].to[0].operation.hosts',
    says: ['requests to orders.shop'],
  },
  {
    code: 'trust-domain-unknown',
    about: 'cluster.local in a mesh of another trust domain, for ztunnel',
    why: 'I4: ztunnel compares principals as they are written.',
    wrong: shop + admitting('checkout'),
    right:
      shop + admitting('checkout').replace('cluster.local', 'corp.example'),
    profile: statedProfile({
      mesh: { ...statedProfile().mesh, trustDomain: 'corp.example' },
    }),
    mesh: 'ambient',
    field: 'spec.rules[0].from[0].source.principals[0]',
    says: ['corp.example', 'as it is written'],
  },
  {
    code: 'probes-closed',
    about: 'an ambient workload with a readiness probe',
    why: 'Probes of ambient pods come from 169.254.7.127 (istio.io, Ambient and Kubernetes NetworkPolicy).',
    wrong: probed + toOrders('ingress: [{ ports: [{ port: 15008 }] }]'),
    right:
      probed +
      toOrders(
        'ingress: [{ ports: [{ port: 15008 }] }, { from: [{ ipBlock: { cidr: 169.254.7.127/32 } }], ports: [{ port: 8081 }] }]',
      ),
    mesh: 'ambient',
    field: 'spec',
    says: ['shop/Deployment/orders', '169.254.7.127/32', 'port 8081'],
  },
  {
    code: 'probes-closed',
    about: 'a policy for the workload beside one of the whole namespace',
    why: 'Rules of network policies add up, and what is added to that of the namespace opens all of it.',
    wrong:
      probed +
      networkPolicy('{ podSelector: {}, policyTypes: [Ingress] }', 'all') +
      deployment('shop/checkout') +
      toOrders('ingress: [{ ports: [{ port: 15008 }] }]'),
    right:
      probed +
      networkPolicy('{ podSelector: {}, policyTypes: [Ingress] }', 'all') +
      toOrders(
        'ingress: [{ ports: [{ port: 15008 }] }, { from: [{ ipBlock: { cidr: 169.254.7.127/32 } }], ports: [{ port: 8081 }] }]',
      ),
    mesh: 'ambient',
    field: 'spec',
    says: ['NetworkPolicy shop/np: spec closes shop/Deployment/orders'],
  },
  {
    code: 'token-not-required',
    about: 'a RequestAuthentication alone',
    why: 'A request without a token passes (istio.io, RequestAuthentication).',
    wrong: shop + authentication + openOrders,
    right: shop + authentication + asksForToken,
    says: ['shop/Deployment/orders', 'without a token'],
  },
  {
    code: 'token-not-validated',
    about: 'requestPrincipals without RequestAuthentication',
    why: 'Only a token that was validated has a principal (istio.io, AuthorizationPolicy: requestPrincipals).',
    wrong: shop + asksForToken,
    right: shop + asksForToken + authentication,
    field: 'spec.rules[0].from[0].source.requestPrincipals',
    says: ['no RequestAuthentication', 'shop/Deployment/orders'],
  },
  {
    code: 'port-past-policy',
    about: 'a port that an annotation leads past the sidecar',
    why: 'Excluded ports are not redirected to the proxy (istio.io, Resource Annotations).',
    wrong: excluding(8080) + openOrders,
    right: excluding(9999) + openOrders,
    says: ['port 8080', 'shop/Deployment/orders', 'past the sidecar'],
  },
];
