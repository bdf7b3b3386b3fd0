import {
  peerAuthentication,
  policy,
  shop,
} from '../../evaluate/__testUtils__/ask';
import { LintRow, object } from './LintRow';

const ORDERS = 'selector: { matchLabels: { app: orders } }';
const FROM =
  'from: [{ source: { principals: [cluster.local/ns/shop/sa/checkout] } }]';
const GET = 'to: [{ operation: { methods: [GET] } }]';

const authorization = (action: string, rules: string) =>
  policy(`{ ${ORDERS}, action: ${action}, rules: [${rules}] }`);

const waypoint = object(
  'gateway.networking.k8s.io/v1',
  'Gateway',
  'shop/waypoint',
  '{ gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }',
);
const gateway = object(
  'gateway.networking.k8s.io/v1',
  'Gateway',
  'shop/front',
  '{ gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }',
);
const targeting = (name: string, source: string) =>
  policy(
    `{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: ${name} }], rules: [{ from: [{ source: { ${source} } }] }] }`,
  );

export const ambientRows: readonly LintRow[] = [
  {
    code: 'deny-without-effect',
    about: 'a DENY of a method without a waypoint',
    why: 'A4: an operation of which nothing is left is an empty match that ztunnel skips with the whole rule (istio `ambient/authorization.go`, ztunnel `rbac.rs`).',
    wrong: shop + authorization('DENY', `{ ${FROM}, ${GET} }`),
    // A port is left of the operation, so that the rule still denies.
    right:
      shop +
      authorization(
        'DENY',
        `{ ${FROM}, to: [{ operation: { methods: [GET], ports: ['8080'] } }] }`,
      ),
    mesh: 'ambient',
    field: 'spec.rules[0]',
    says: ['methods', 'shop/Deployment/orders', 'denies nothing'],
  },
  {
    code: 'rule-omitted',
    about: 'an ALLOW of a method without a waypoint',
    why: 'A4: ALLOW rules with HTTP attributes are left out.',
    wrong: shop + authorization('ALLOW', `{ ${FROM}, ${GET} }`),
    right: shop + authorization('ALLOW', `{ ${FROM} }`),
    mesh: 'ambient',
    field: 'spec.rules[0]',
    says: ['methods', 'allows nothing'],
  },
  {
    code: 'no-effect',
    about: 'AUDIT for ztunnel',
    why: 'A4: ztunnel knows neither CUSTOM nor AUDIT.',
    wrong: shop + authorization('AUDIT', '{}'),
    right: shop + authorization('DENY', '{}'),
    mesh: 'ambient',
    field: 'spec.action',
    says: ['AUDIT', 'shop/Deployment/orders'],
  },
  {
    code: 'trust-domains-ignored',
    about: 'trustDomains for ztunnel',
    why: 'I6: trustDomains are neither converted nor warned about for ztunnel, so that the rule is wider than written.',
    wrong:
      shop +
      authorization(
        'ALLOW',
        '{ from: [{ source: { namespaces: [shop], trustDomains: [prod.example] } }] }',
      ),
    right:
      shop +
      authorization('ALLOW', '{ from: [{ source: { namespaces: [shop] } }] }'),
    mesh: 'ambient',
    field: 'spec.rules[0].from[0].source',
    says: ['trustDomains', 'shop/Deployment/orders'],
  },
  {
    code: 'waypoint-address',
    about: 'ipBlocks at a waypoint',
    why: "A10: a waypoint does not see the client's address (istio#46982).",
    wrong: shop + waypoint + targeting('waypoint', 'ipBlocks: [10.0.0.0/8]'),
    // An ingress gateway sees its clients.
    right: shop + gateway + targeting('front', 'ipBlocks: [10.0.0.0/8]'),
    mesh: 'ambient',
    field: 'spec.rules[0].from[0].source.ipBlocks',
    says: ['address of the caller'],
  },
  {
    code: 'disable-in-ambient',
    about: 'DISABLE for an ambient namespace',
    why: 'A11 c: in ambient DISABLE acts as PERMISSIVE and overrides an inherited STRICT (istio `convertPeerAuthentication`).',
    wrong: shop + peerAuthentication('{ mtls: { mode: DISABLE } }'),
    right: shop + peerAuthentication('{ mtls: { mode: STRICT } }'),
    mesh: 'ambient',
    field: 'spec.mtls.mode',
    says: ['DISABLE', 'shop/Deployment/orders'],
  },
  {
    code: 'disable-in-ambient',
    about: 'a port without mutual TLS under an inherited mode',
    why: 'A11 d: a port-level DISABLE under inherited STRICT is no exception; under a STRICT of its own it is.',
    wrong:
      shop +
      peerAuthentication(
        `{ ${ORDERS}, portLevelMtls: { '8080': { mode: DISABLE } } }`,
      ),
    right:
      shop +
      peerAuthentication(
        `{ ${ORDERS}, mtls: { mode: STRICT }, portLevelMtls: { '8080': { mode: DISABLE } } }`,
      ),
    mesh: 'ambient',
    field: 'spec.portLevelMtls.8080',
    says: ['port 8080'],
  },
];
