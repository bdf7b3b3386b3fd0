import { peerAuthentication, shop } from '../../evaluate/__testUtils__/ask';
import { deployment } from '../../evaluate/__testUtils__/worlds';
import { LintRow, object, service } from './LintRow';

const strict = peerAuthentication('{ mtls: { mode: STRICT } }');

function probed(annotation: string): string {
  return object(
    'apps/v1',
    'Deployment',
    'shop/web',
    `{ template: { metadata: { labels: { app: web }, annotations: { ${annotation} } }, spec: { containers: [{ name: main, readinessProbe: { httpGet: { path: /ready, port: 8080 } } }] } } }`,
  );
}

const NO_REWRITE = "sidecar.istio.io/rewriteAppHTTPProbers: 'false'";
const second = deployment('shop/orders-next', {
  labels: 'part: next',
  ports: '{ containerPort: 9090, name: http }',
}).replace('app: orders-next', 'app: orders');
const entry = (spec: string) =>
  object('networking.istio.io/v1', 'ServiceEntry', 'shop/outside', spec);
const cilium = (app: string, toPorts: string) =>
  object(
    'cilium.io/v2',
    'CiliumNetworkPolicy',
    'shop/l7',
    `{ endpointSelector: { matchLabels: { app: ${app} } }, ingress: [{ toPorts: [${toPorts}] }] }`,
  );

export const platformRows: readonly LintRow[] = [
  {
    code: 'probe-rewrite-off',
    about: 'HTTP probes that are not rewritten under STRICT',
    why: 'N9: the kubelet has no certificate; without the rewrite to 15020 its probes fail (Istio app-health-check).',
    ready: true,
    wrong: probed(NO_REWRITE) + strict,
    // PERMISSIVE takes the kubelet's plaintext, and an excluded port does not go through the sidecar.
    right:
      probed(NO_REWRITE) +
      probed(
        `${NO_REWRITE}, traffic.sidecar.istio.io/excludeInboundPorts: '8080'`,
      )
        .replaceAll('web', 'admin')
        .replaceAll('namespace: shop', 'namespace: strict') +
      strict.replace('namespace: shop', 'namespace: strict'),
    field:
      'spec.template.metadata.annotations.sidecar.istio.io/rewriteAppHTTPProbers',
    says: ['readinessProbe'],
  },
  {
    code: 'named-port-unresolved',
    about: 'a Service whose target no container names',
    why: 'P3, 4.9: pods without the named port take no traffic on it.',
    wrong:
      shop +
      service('shop/orders', '{ port: 80, name: http, targetPort: web }'),
    right:
      shop +
      service('shop/orders', '{ port: 80, name: http, targetPort: http }'),
    field: 'spec.ports[0].targetPort',
    says: ['"web"', 'shop/Deployment/orders', 'nowhere'],
  },
  {
    code: 'named-port-differs',
    about: 'pods of one Service that disagree about a name',
    why: 'P3: a named targetPort may differ per pod (amazon-network-policy-controller-k8s PR 210).',
    wrong:
      shop +
      second +
      service('shop/orders', '{ port: 80, name: http, targetPort: http }'),
    right:
      shop +
      second +
      service('shop/orders', '{ port: 80, name: http, targetPort: 8080 }'),
    field: 'spec.ports[0].targetPort',
    says: ['8080', '9090', 'shop/Deployment/orders-next'],
  },
  {
    code: 'server-first-protocol',
    about: 'MySQL behind another port without a protocol',
    why: 'I3: server-first protocols do not go with detection; only 25, 53, 3306 and 27017 of a Service are never sniffed (Istio application requirements; istio `pkg/config/kube/conversion.go`).',
    ready: true,
    wrong:
      shop +
      service('shop/orders', '{ name: db, port: 3307, targetPort: 3306 }'),
    right:
      shop +
      service('shop/orders', '{ name: db, port: 3306 }') +
      service(
        'shop/declared',
        '{ name: mysql, port: 3307, targetPort: 3306 }',
        '',
        'orders',
      ),
    field: 'spec.ports[0]',
    says: ['MySQL', '3306'],
  },
  {
    code: 'headless-without-ports',
    about: 'a headless Service without ports',
    why: 'O5: ports of headless Services must be declared (istio#23494, application requirements).',
    wrong: shop + service('shop/orders', '', ', clusterIP: None'),
    right:
      shop +
      service('shop/orders', '{ name: http, port: 8080 }', ', clusterIP: None'),
    field: 'spec',
    says: ['shop/Deployment/orders'],
  },
  {
    code: 'wildcard-host',
    about: 'an entry of a whole domain',
    why: 'O3: with resolution NONE the caller chooses name and address.',
    wrong: shop + entry("{ hosts: ['*.example.com'], resolution: NONE }"),
    right: shop + entry('{ hosts: [api.example.com], resolution: DNS }'),
    field: 'spec.hosts[0]',
    says: ['*.example.com'],
  },
  {
    code: 'invalid-object',
    about: 'a wildcard to be resolved by DNS',
    why: 'O3: Istio refuses a wildcard with resolution DNS and no endpoints (istio `pkg/config/validation`).',
    wrong: shop + entry("{ hosts: ['*.example.com'], resolution: DNS }"),
    right: shop + entry("{ hosts: ['*.example.com'], resolution: NONE }"),
    field: 'spec.hosts[0]',
    says: ['DNS'],
  },
  {
    code: 'cilium-http-in-mesh',
    about: "Cilium's HTTP rules for a pod with a sidecar",
    why: "A14: Cilium's proxy cannot read mutual TLS (cilium `istio.rst`).",
    wrong:
      shop +
      cilium('orders', "{ ports: [{ port: '8080' }], rules: { http: [{}] } }"),
    right: shop + cilium('orders', "{ ports: [{ port: '8080' }] }"),
    says: ['shop/Deployment/orders'],
  },
  {
    code: 'invalid-object',
    about: 'a port beyond 65535',
    why: 'O9: the API server refuses it (Kubernetes validation of Services).',
    wrong: shop + service('shop/orders', '{ port: 80800 }'),
    right: shop + service('shop/orders', '{ port: 8080 }'),
    field: 'spec.ports[0].port',
    says: ['Service shop/orders', '80800'],
  },
  {
    code: 'invalid-object',
    about: 'two ports of which one has no name',
    why: 'O9: of several ports each needs a name (Kubernetes, ServicePort.name).',
    wrong: shop + service('shop/orders', '{ port: 80, name: a }, { port: 81 }'),
    right:
      shop +
      service('shop/orders', '{ port: 80, name: a }, { port: 81, name: b }'),
    field: 'spec.ports[1].name',
    says: ['name'],
  },
  {
    code: 'invalid-object',
    about: 'a label that is too long',
    why: 'S11: values of labels have at most 63 characters.',
    wrong: deployment('shop/orders', { labels: `part: ${'x'.repeat(64)}` }),
    right: deployment('shop/orders', { labels: `part: ${'x'.repeat(63)}` }),
    field: 'spec.template.metadata.labels.part',
    says: ['Deployment shop/orders'],
  },
  {
    code: 'invalid-object',
    about: 'a name that is none',
    why: 'S11: names are DNS names (Kubernetes, object names).',
    wrong: deployment('shop/Orders_1'),
    right: deployment('shop/orders.1'),
    field: 'metadata.name',
    says: ['Orders_1'],
  },
  {
    code: 'invalid-object',
    about: 'a container port that is too high, and a name that is too long',
    why: 'O9: ports are 1 to 65535 (Kubernetes validation of pods).',
    wrong: deployment('shop/orders', { ports: '{ containerPort: 70000 }' }),
    right: deployment('shop/orders', {
      ports: '{ containerPort: 65535, name: a-name-of-15-ch }',
    }),
    field: 'spec.template.spec.containers[0].ports[0].containerPort',
    says: ['70000'],
  },
  {
    code: 'invalid-object',
    about: 'a controller that does not select its own pods',
    why: 'O9: selector must match the labels of the template (Kubernetes, DeploymentSpec.selector).',
    wrong:
      shop +
      object(
        'apps/v1',
        'Deployment',
        'shop/web',
        '{ selector: { matchLabels: { app: wep } }, template: { metadata: { labels: { app: web } }, spec: {} } }',
      ),
    right:
      shop +
      object(
        'apps/v1',
        'Deployment',
        'shop/web',
        '{ selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: {} } }',
      ),
    field: 'spec.selector.matchLabels.app',
    says: ['wep'],
  },
];
