import { explain } from './explain';
import { deployment, worldOf } from './__testUtils__/worlds';
import { Call } from './types';

const shop =
  deployment('shop/orders') +
  deployment('shop/checkout') +
  deployment('other/stranger');
const service = `apiVersion: v1
kind: Service
metadata: { name: orders, namespace: shop }
spec: { selector: { app: orders }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
`;
const ingress = (rules: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: orders, namespace: shop }\nspec: { podSelector: { matchLabels: { app: orders } }, ingress: ${rules} }\n---\n`;
const allow = (rules: string) =>
  `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: orders, namespace: shop }\nspec: { rules: ${rules} }\n---\n`;

const call: Call = {
  from: 'shop/Deployment/checkout',
  to: 'shop/Deployment/orders',
  port: 8080,
};
const get = (host = 'orders'): Call => ({
  ...call,
  http: { method: 'GET', path: '/a', host },
});

function nearestOf(
  manifests: string,
  asked: Call,
  mesh: 'none' | 'sidecar' | 'ambient' = 'none',
) {
  const { verdict, nearest } = explain(
    worldOf(shop + service + manifests, { mesh }),
    asked,
  );
  return {
    verdict,
    nearest: nearest.map(({ object, differs }) => [object.rule, ...differs]),
  };
}

describe('the nearest rule of a network policy', () => {
  it.each<[string, string, string[]]>([
    [
      'the port of the Service for that of the pod',
      '[{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }]',
      ['ingress[0]', 'it admits TCP 80, and the call is to TCP 8080'],
    ],
    [
      'another protocol',
      '[{ ports: [{ port: 8080, protocol: UDP }] }]',
      ['ingress[0]', 'it admits UDP 8080, and the call is to TCP 8080'],
    ],
    [
      'other labels',
      '[{ from: [{ podSelector: { matchLabels: { app: web } } }] }]',
      [
        'ingress[0]',
        'it asks for app=web, and the pods of shop/Deployment/checkout have app=checkout',
      ],
    ],
    [
      'the rule of which less differs',
      '[{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: 1 }] }, { from: [{ podSelector: {} }], ports: [{ port: 2 }, { port: 5, endPort: 7 }] }]',
      ['ingress[1]', 'it admits TCP 2, TCP 5-7, and the call is to TCP 8080'],
    ],
  ])('names %s', (_, rules, expected) => {
    expect(nearestOf(ingress(rules), call)).toEqual({
      verdict: 'deny',
      nearest: [expected],
    });
  });

  it('says that a podSelector alone is about the namespace of the policy', () => {
    expect(
      nearestOf(
        ingress(
          '[{ from: [{ podSelector: { matchLabels: { app: stranger } } }] }]',
        ),
        { ...call, from: 'other/Deployment/stranger' },
      ).nearest,
    ).toEqual([
      [
        'ingress[0]',
        'a podSelector alone is about pods of shop itself, and other/Deployment/stranger runs in other',
      ],
    ]);
  });

  it('is none where there is no rule, or the call is allowed', () => {
    expect(nearestOf(ingress('[]'), call).nearest).toEqual([]);
    expect(nearestOf(ingress('[{}]'), call)).toEqual({
      verdict: 'allow',
      nearest: [],
    });
  });
});

describe('the nearest rule of an authorization policy', () => {
  it.each<[string, string, Call, string[]]>([
    [
      'the port of the Service',
      '[{ to: [{ operation: { ports: ["80"] } }] }]',
      get(),
      ['rules[0]', 'it admits port 80, and the call is to 8080'],
    ],
    [
      'another method',
      '[{ to: [{ operation: { methods: [POST], paths: [/a] } }] }]',
      get(),
      ['rules[0]', 'it admits POST, and the call is GET'],
    ],
    [
      'another path',
      '[{ to: [{ operation: { methods: [GET], paths: [/b, /c*] } }] }]',
      get(),
      ['rules[0]', 'it admits /b, /c*, and the call is to /a'],
    ],
    [
      'a Host with a port',
      '[{ to: [{ operation: { hosts: [orders] } }] }]',
      get('orders:80'),
      [
        'rules[0]',
        'it admits the host orders, and the call names the port as well: orders:80',
      ],
    ],
    [
      'a caller in plaintext, without identity',
      '[{ from: [{ source: { namespaces: ["*"] } }] }]',
      { ...get(), tls: 'plaintext' },
      [
        'rules[0]',
        'it asks for namespaces *, and shop/Deployment/checkout sends plaintext, which carries no identity',
      ],
    ],
    [
      'another trust domain',
      '[{ from: [{ source: { principals: [old.example/ns/shop/sa/checkout] } }] }]',
      get(),
      [
        'rules[0]',
        'it asks for old.example/ns/shop/sa/checkout, and the trust domain of shop/Deployment/checkout is cluster.local',
      ],
    ],
    [
      'a token that nobody validates',
      '[{ from: [{ source: { requestPrincipals: ["*"] } }] }]',
      get(),
      [
        'rules[0]',
        'it asks for requestPrincipals *, and nobody validates a token of the call',
      ],
    ],
    [
      'the address of somebody else',
      '[{ from: [{ source: { ipBlocks: [203.0.113.0/24] } }] }]',
      { ...get(), from: '198.51.100.7' },
      [
        'rules[0]',
        'it asks for ipBlocks 203.0.113.0/24, and 198.51.100.7 calls from another address',
      ],
    ],
    [
      'the alternative of which less differs',
      '[{ from: [{ source: { principals: [x/ns/a/sa/b] } }], to: [{ operation: { methods: [GET] } }] }, { to: [{ operation: { methods: [PUT], paths: [/z] } }, { operation: { paths: [/y] } }] }]',
      get(),
      [
        'rules[0]',
        'it asks for principals x/ns/a/sa/b, and shop/Deployment/checkout is cluster.local/ns/shop/sa/checkout',
      ],
    ],
  ])('names %s', (_, rules, asked, expected) => {
    expect(nearestOf(allow(rules), asked, 'sidecar')).toEqual({
      verdict: 'deny',
      nearest: [expected],
    });
  });

  it('compares with what ztunnel is sent, which is no rule that looks at HTTP', () => {
    expect(
      nearestOf(
        allow('[{ to: [{ operation: { methods: [GET] } }] }]'),
        get(),
        'ambient',
      ).nearest,
    ).toEqual([]);
    expect(
      nearestOf(
        allow(
          '[{ from: [{ source: { principals: [old.example/ns/shop/sa/checkout] } }] }]',
        ),
        call,
        'ambient',
      ).nearest,
    ).toEqual([
      [
        'rules[0]',
        'it asks for old.example/ns/shop/sa/checkout, and the trust domain of shop/Deployment/checkout is cluster.local',
      ],
    ]);
  });

  it('is none where a DENY decides', () => {
    expect(
      nearestOf(
        allow('[{ to: [{ operation: { methods: [GET] } }] }]').replace(
          'spec: {',
          'spec: { action: DENY,',
        ),
        get(),
        'sidecar',
      ),
    ).toEqual({ verdict: 'deny', nearest: [] });
  });
});
