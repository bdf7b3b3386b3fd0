import { policy, shop } from '../../evaluate/__testUtils__/ask';
import { statedProfile } from '../../evaluate/__testUtils__/worlds';
import { defaultPlatformProfile } from '../../profile/defaultPlatformProfile';
import { LintRow, service } from './LintRow';

const { mesh } = defaultPlatformProfile('c');

function operation(fields: string, action = 'ALLOW'): string {
  return policy(
    `{ selector: { matchLabels: { app: orders } }, action: ${action}, rules: [{ to: [{ operation: { ${fields} } }] }] }`,
  );
}

const http = shop + service('shop/orders', '{ name: http, port: 8080 }');

/** `width` templates of `width` segments, each with its own literal and its own end. */
function crossedPaths(width: number): string {
  const path = (at: number) =>
    Array.from({ length: width }, (_, i) => (i === at ? 'a' : '{*}')).join('/');
  return Array.from(
    { length: width },
    (_, at) => `'/${path(at)}/end-${at}'`,
  ).join(', ');
}

export const httpRows: readonly LintRow[] = [
  {
    code: 'method-case',
    ready: true,
    about: 'a method in lower case',
    why: 'H9: methods are compared as they are written (Istio reference, Operation.methods; RFC 9110: methods are case-sensitive).',
    wrong: http + operation('methods: [GET, post]'),
    right: http + operation('methods: [GET, POST, purge]'),
    field: 'spec.rules[0].to[0].operation.methods[1]',
    says: ['AuthorizationPolicy shop/ap', '"post"', 'POST'],
  },
  {
    code: 'method-wildcard',
    about: 'methods: ["*"]',
    why: 'H11: it asks for the presence of a method only, and readers take it for something else (Kiali KIA0102).',
    wrong: http + operation("methods: ['*']"),
    right: http + operation('paths: [/a]'),
    field: 'spec.rules[0].to[0].operation.methods[0]',
    says: ['"*"'],
  },
  {
    code: 'host-without-port',
    ready: true,
    about: 'an ALLOW of a host',
    why: 'H10: hosts are compared with the whole Host header, the port included (Istio reference, Operation.hosts).',
    wrong: http + operation('hosts: [orders.example.com]'),
    right:
      http +
      operation("hosts: [orders.example.com, 'orders.example.com:*', '*.x']"),
    field: 'spec.rules[0].to[0].operation.hosts[0]',
    says: ['orders.example.com:<port>'],
  },
  {
    code: 'host-without-port',
    ready: true,
    about: 'a DENY of a host, which naming the port gets around',
    why: 'H10: what a DENY does not match is not refused.',
    wrong: http + operation('hosts: [admin.example.com]', 'DENY'),
    right:
      http +
      operation("hosts: [admin.example.com, 'admin.example.com:*']", 'DENY'),
    field: 'spec.rules[0].to[0].operation.hosts[0]',
    says: ['gets around'],
  },
  {
    code: 'path-regex',
    about: 'a regular expression as path',
    why: 'H6: paths are exact, prefix, suffix, presence or template (istio `pilot/pkg/security/authz/matcher/string.go`), never regular expressions (istio#25021).',
    wrong: http + operation("paths: ['/orders/[0-9]+']"),
    right: http + operation("paths: ['/orders/{*}', '/a.b/c', '/x/*']"),
    field: 'spec.rules[0].to[0].operation.paths[0]',
    says: ['/orders/[0-9]+'],
  },
  {
    code: 'path-literal-star',
    ready: true,
    about: 'a star in the middle of a path',
    why: 'H4: a star that is neither first nor last is a literal (istio#46910).',
    wrong: http + operation("paths: ['/orders/*/items']"),
    right: http + operation("paths: ['/orders/{*}/items', '/orders/*', '*']"),
    field: 'spec.rules[0].to[0].operation.paths[0]',
    says: ['/orders/*/items'],
  },
  {
    code: 'path-prefix',
    ready: true,
    about: 'a prefix that ends inside a word',
    why: 'H3: a prefix is a prefix of the text: /info* matches /information (Istio reference).',
    wrong: http + operation("paths: ['/info*']"),
    // In a DENY it refuses more, which is the safe side; a prefix that ends in a slash ends a word.
    right:
      http +
      operation("paths: [/info, '/info/*']") +
      operation("paths: ['/info*']", 'DENY').replace('name: ap', 'name: no'),
    field: 'spec.rules[0].to[0].operation.paths[0]',
    says: ['/infos'],
  },
  {
    code: 'path-deny-bypass',
    about: 'a DENY of a path where slashes are not merged',
    why: 'H7: normalisation BASE leaves //admin as it is (Istio security best practices; CVE-2021-31920).',
    wrong: http + operation('paths: [/admin]', 'DENY'),
    right: http + operation('paths: [/admin]'),
    field: 'spec.rules[0].to[0].operation.paths[0]',
    says: ['BASE', '//admin'],
  },
  {
    code: 'path-deny-bypass',
    about: 'an ALLOW of every path but one',
    why: 'H7: notPaths in an ALLOW refuses by path just so.',
    wrong: http + operation('notPaths: [/admin]'),
    right: http + operation('notPaths: [/admin]', 'DENY'),
    field: 'spec.rules[0].to[0].operation.notPaths[0]',
    says: ['//admin'],
  },
  {
    code: 'too-complex',
    about: 'templates that cross in 24 segments',
    why: 'An automaton that accepts them has to know which of 24 literals it has seen: 2^24 states, and 100,000 are the budget.',
    wrong: http + operation(`paths: [${crossedPaths(24)}]`),
    right: http + operation(`paths: [${crossedPaths(8)}]`),
    field: 'spec.rules[0]',
    says: ['patterns', 'conditional'],
  },
  {
    code: 'encoded-slash',
    about: 'a template where %2F is not decoded',
    why: 'H7, H4: {*} matches %, so that /orders/..%2Fadmin passes unless the mesh decodes it.',
    wrong: http + operation("paths: ['/orders/{*}']"),
    right: http + operation("paths: ['/orders/*']"),
    says: ['BASE'],
  },
  {
    code: 'encoded-slash',
    about: 'the same where slashes are merged and not decoded',
    why: 'H7: MERGE_SLASHES does not decode.',
    wrong: http + operation("paths: ['/orders/{**}']"),
    right: http + operation('paths: [/orders]'),
    profile: statedProfile({
      mesh: { ...mesh, pathNormalization: 'MERGE_SLASHES' },
    }),
    says: ['MERGE_SLASHES'],
  },
  {
    code: 'http-fields-on-tcp',
    about: 'an ALLOW of methods on a TCP port',
    why: 'H1: the rule is left out of the filter of a TCP port and never matches (Istio authz-tcp task).',
    wrong:
      shop +
      service('shop/orders', '{ name: tcp-db, port: 8080 }') +
      operation('methods: [GET]'),
    right: http + operation('methods: [GET]'),
    field: 'spec.rules[0].to[0]',
    says: ['port 8080 of shop/Deployment/orders', 'never matches', 'methods'],
  },
  {
    code: 'http-fields-on-tcp',
    about: 'an ALLOW of methods on TLS that the application terminates',
    why: 'H1: a port named https is opaque to the sidecar (Istio, protocol selection).',
    wrong:
      shop +
      service('shop/orders', '{ name: https, port: 8080 }') +
      operation("methods: [GET], ports: ['8080']"),
    right:
      shop +
      service(
        'shop/orders',
        '{ name: https, port: 8080, appProtocol: http2 }',
      ) +
      operation("methods: [GET], ports: ['8080']"),
    field: 'spec.rules[0].to[0]',
    says: ['never matches'],
  },
  {
    code: 'http-fields-on-tcp',
    about: 'a DENY of a path for a workload with a TCP port as well',
    why: 'H1: on TCP the HTTP fields of a DENY are left out and the rest denies everything (Istio security issues).',
    wrong:
      http +
      service('shop/admin', '{ name: tcp, port: 9000 }', '', 'orders') +
      operation('paths: [/admin]', 'DENY'),
    right:
      http +
      service('shop/admin', '{ name: tcp, port: 9000 }', '', 'orders') +
      operation("paths: [/admin], ports: ['8080']", 'DENY'),
    field: 'spec.rules[0].to[0]',
    says: ['port 9000', 'refuses every call'],
  },
  {
    code: 'protocol-not-declared',
    about: 'methods on a port without a protocol',
    why: 'I3: without name or appProtocol the sidecar detects HTTP by the first bytes (Istio, protocol selection).',
    wrong:
      shop +
      service('shop/orders', '{ name: web, port: 8080 }') +
      operation('methods: [GET]'),
    right: http + operation('methods: [GET]'),
    says: ['port 8080 of shop/Deployment/orders'],
  },
];
