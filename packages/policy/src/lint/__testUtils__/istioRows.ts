import {
  peerAuthentication,
  policy,
  shop,
} from '../../evaluate/__testUtils__/ask';
import { LintRow, object, service } from './LintRow';

const ORDERS = 'selector: { matchLabels: { app: orders } }';
const rules = (list: string, action = 'ALLOW', name = 'ap') =>
  policy(`{ ${ORDERS}, action: ${action}, rules: [${list}] }`, name);
const source = (fields: string) => `from: [{ source: { ${fields} } }]`;
const CHECKOUT = "principals: ['cluster.local/ns/shop/sa/checkout']";
const to = (fields: string) => `to: [{ operation: { ${fields} } }]`;
const http = shop + service('shop/orders', '{ name: http, port: 8080 }');
const behind80 =
  shop + service('shop/orders', '{ name: http, port: 80, targetPort: 8080 }');

export const istioRows: readonly LintRow[] = [
  {
    code: 'empty-list',
    about: 'an empty list of sources',
    why: 'S1 for the mesh: istiod builds a rule that any caller matches (asked of `authz/builder`); its validation takes the list for an absent one.',
    wrong: http + rules('{ from: [] }'),
    right: http + rules(`{ ${source(CHECKOUT)} }`),
    field: 'spec.rules[0].from',
    says: ['everybody'],
  },
  {
    code: 'or-instead-of-and',
    about: 'from and to in two rules',
    why: 'S3: rules are alternatives: the first lets its caller do everything, the second everybody (Istio security issues).',
    wrong: http + rules(`{ ${source(CHECKOUT)} }, { ${to('methods: [GET]')} }`),
    // What everybody may call stands in a rule of its own.
    right:
      http +
      rules(`{ ${source(CHECKOUT)}, ${to('methods: [GET]')} }`) +
      rules(
        `{ ${source(CHECKOUT)} }, { ${to(
          'methods: [GET], paths: [/healthz, /metrics]',
        )} }`,
        'ALLOW',
        'with-health',
      ),
    field: 'spec.rules[1]',
    says: ['rules[0]', 'every caller'],
  },
  {
    code: 'or-instead-of-and',
    about: 'methods and paths in two operations',
    why: 'S3: operations of a rule are alternatives.',
    wrong:
      http +
      rules(
        '{ to: [{ operation: { methods: [GET] } }, { operation: { paths: [/a] } }] }',
      ),
    right:
      http +
      rules(
        '{ to: [{ operation: { methods: [GET], paths: [/a] } }, { operation: { methods: [POST], paths: [/b] } }] }',
      ),
    field: 'spec.rules[0].to[1]',
    says: ['alternative'],
  },
  {
    code: 'or-instead-of-and',
    about: 'namespace and principal in two sources',
    why: 'S3: sources of a rule are alternatives.',
    wrong:
      shop +
      rules(
        `{ from: [{ source: { namespaces: [shop] } }, { source: { ${CHECKOUT} } }] }`,
      ),
    right:
      shop +
      rules(
        `{ from: [{ source: { namespaces: [other] } }, { source: { ${CHECKOUT} } }] }`,
      ),
    field: 'spec.rules[0].from[1]',
    says: ['namespaces admit'],
  },
  {
    code: 'never-matches',
    about: 'two conditions on one attribute',
    why: 'S3, 4.9: conditions of a rule must all hold; values of one are alternatives.',
    wrong:
      shop +
      rules(
        '{ when: [{ key: source.namespace, values: [shop] }, { key: source.namespace, values: [other] }] }',
      ),
    right:
      shop +
      rules('{ when: [{ key: source.namespace, values: [shop, other] }] }'),
    field: 'spec.rules[0].when[1]',
    says: ['when[0]', 'source.namespace'],
  },
  {
    code: 'shadowed-rule',
    about: 'a grant of a method beside an ALLOW of the whole namespace',
    why: 'S7, S8: several ALLOW policies are alternatives.',
    wrong:
      http +
      rules(`{ ${source(CHECKOUT)}, ${to('methods: [GET], paths: [/a]')} }`) +
      rules(
        `{ ${source('namespaces: [shop]')}, ${to('methods: [GET]')} }`,
        'ALLOW',
        'wide',
      ),
    // Each of the others asks for something that the narrow one does not.
    right:
      http +
      rules(`{ ${source(CHECKOUT)}, ${to('methods: [GET], paths: [/a]')} }`) +
      rules(`{ ${source('namespaces: [other]')} }`, 'ALLOW', 'others') +
      rules(
        `{ ${source('namespaces: [shop]')}, ${to('methods: [POST]')} }`,
        'ALLOW',
        'method',
      ) +
      rules(
        `{ ${source("namespaces: [shop], notPrincipals: ['*/sa/checkout']")} }`,
        'ALLOW',
        'except',
      ) +
      rules(
        `{ ${source(
          'namespaces: [shop]',
        )}, when: [{ key: 'request.headers[x]', values: [y] }] }`,
        'ALLOW',
        'when',
      ),
    field: 'spec.rules[0]',
    says: ['AuthorizationPolicy shop/ap', 'AuthorizationPolicy shop/wide'],
  },
  {
    code: 'shadowed-rule',
    about: 'an ALLOW of what is denied',
    why: 'S8: DENY is looked at before ALLOW.',
    wrong:
      http +
      rules(`{ ${source(CHECKOUT)}, ${to("paths: ['/admin/{*}']")} }`) +
      rules(`{ ${to("paths: ['/admin/*']")} }`, 'DENY', 'no-admin'),
    right:
      http +
      rules(
        `{ ${source(CHECKOUT)}, ${to("paths: ['/admin/{*}', /status]")} }`,
      ) +
      rules(`{ ${to("paths: ['/admin/*']")} }`, 'DENY', 'no-admin'),
    field: 'spec.rules[0]',
    says: ['refused by', 'AuthorizationPolicy shop/no-admin'],
  },
  {
    code: 'selects-nothing',
    about: 'a selector that no pod has',
    why: 'An AuthorizationPolicy without workloads closes nothing.',
    wrong: shop + policy('{ selector: { matchLabels: { app: oders } } }'),
    right: shop + rules('{}') + policy('{}', 'all'),
    field: 'spec.selector',
    says: ['app=oders', '2 workloads of shop'],
  },
  {
    code: 'selects-nothing',
    about: 'a target that is not there',
    why: 'A5: a policy with targetRefs is used by what it names, in its own namespace.',
    wrong: http + policy('{ targetRefs: [{ kind: Service, name: oders }] }'),
    right: http + policy('{ targetRefs: [{ kind: Service, name: orders }] }'),
    field: 'spec.targetRefs[0]',
    says: ['Service shop/oders'],
  },
  {
    code: 'selects-nothing',
    about: 'a PeerAuthentication of no pod',
    why: 'A11: it requires nothing of anybody.',
    wrong:
      shop +
      peerAuthentication(
        '{ selector: { matchLabels: { app: oders } }, mtls: { mode: STRICT } }',
      ),
    right: shop + peerAuthentication(`{ ${ORDERS}, mtls: { mode: STRICT } }`),
    field: 'spec.selector',
    says: ['app=oders'],
  },
  {
    code: 'policy-without-proxy',
    about: 'a policy of a ServiceEntry that nothing proxies',
    why: 'O1: the policy is accepted and inert (istio#25078, #22187).',
    wrong:
      shop +
      object(
        'networking.istio.io/v1',
        'ServiceEntry',
        'shop/legacy',
        '{ hosts: [legacy.example.com], resolution: STATIC, ports: [{ number: 80, name: http }], endpoints: [{ address: 192.0.2.7 }] }',
      ) +
      policy(
        '{ targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: legacy }] }',
      ),
    right:
      shop +
      object(
        'gateway.networking.k8s.io/v1',
        'Gateway',
        'shop/waypoint',
        '{ gatewayClassName: istio-waypoint }',
      ) +
      object(
        'networking.istio.io/v1',
        'ServiceEntry',
        'shop/legacy',
        '{ hosts: [legacy.example.com], resolution: STATIC, ports: [{ number: 80, name: http }], endpoints: [{ address: 192.0.2.7 }] }',
        ', labels: { istio.io/use-waypoint: waypoint }',
      ) +
      policy(
        '{ targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: legacy }] }',
      ),
    field: 'spec.targetRefs[0]',
    says: ['ServiceEntry shop/legacy'],
  },
  {
    code: 'service-port-in-policy',
    about: 'the port of the Service in an AuthorizationPolicy',
    why: 'P2: ports are those of the workload (Istio reference, Operation.ports).',
    ready: true,
    wrong: behind80 + rules(`{ ${to("ports: ['80']")} }`),
    right: behind80 + rules(`{ ${to("ports: ['8080']")} }`),
    field: 'spec.rules[0].to[0].operation.ports[0]',
    says: ['is 80', 'shop/orders', '8080'],
  },
  {
    code: 'service-port-in-policy',
    about: 'the port of the Service in a PeerAuthentication',
    why: 'I2: portLevelMtls takes the port of the workload (Istio reference).',
    wrong:
      behind80 +
      peerAuthentication(
        `{ ${ORDERS}, portLevelMtls: { '80': { mode: STRICT } } }`,
      ),
    right:
      behind80 +
      peerAuthentication(
        `{ ${ORDERS}, portLevelMtls: { '8080': { mode: STRICT } } }`,
      ),
    field: 'spec.portLevelMtls.80',
    says: ['8080'],
  },
  {
    code: 'invalid-object',
    about: 'ports without a selector in a PeerAuthentication',
    why: 'I2: portLevelMtls needs a selector (Istio reference).',
    wrong:
      shop +
      peerAuthentication("{ portLevelMtls: { '8080': { mode: STRICT } } }"),
    right:
      shop +
      peerAuthentication(
        `{ ${ORDERS}, portLevelMtls: { '8080': { mode: STRICT } } }`,
      ),
    field: 'spec.portLevelMtls',
    says: ['needs a selector'],
  },
  {
    code: 'invalid-object',
    about: 'a raw parameter of an OpenAPI path',
    why: 'H4: any brace that is no {*} or {**} makes the whole policy invalid (istio `pkg/config/security/security.go`).',
    wrong: http + rules(`{ ${to("paths: ['/orders/{id}']")} }`),
    right: http + rules(`{ ${to("paths: ['/orders/{*}']")} }`),
    field: 'spec.rules[0].to[0].operation.paths[0]',
    says: ['/orders/{id}'],
  },
];
