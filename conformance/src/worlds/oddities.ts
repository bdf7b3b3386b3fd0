import { Random } from './Random';
import { Manifest } from './types';

type Json = Record<string, unknown>;

const operation = (fields: Json) => [{ operation: fields }];
const source = (fields: Json) => [{ source: fields }];

/** The last rule, with something else in it. */
function withRule(spec: Json, fields: Json): Json {
  const rules = Array.isArray(spec.rules) ? (spec.rules as Json[]) : [];
  return { ...spec, rules: [...rules.slice(0, -1), { ...fields }] };
}

const withPort = (spec: Json, port: Json): Json => ({
  ...spec,
  ingress: [{ ports: [port] }],
});
const withPeer = (spec: Json, peer: Json): Json => ({
  ...spec,
  ingress: [{ from: [peer] }],
});

/** What people get wrong, by kind: the specification with something in it that somebody may refuse. */
const ODDITIES: Record<string, readonly ((spec: Json) => Json)[]> = {
  AuthorizationPolicy: [
    spec => withRule(spec, { to: operation({ paths: ['/orders/{id}'] }) }),
    spec => withRule(spec, { to: operation({ paths: ['/a/{**}/{*}'] }) }),
    spec => withRule(spec, { to: operation({ paths: ['/a*/{*}'] }) }),
    spec => withRule(spec, { to: operation({ paths: [''] }) }),
    spec => withRule(spec, { to: operation({ ports: ['99999'] }) }),
    spec => withRule(spec, { to: operation({ ports: ['http-api'] }) }),
    spec => withRule(spec, { to: [{ operation: {} }] }),
    spec => withRule(spec, { to: [{}] }),
    spec => withRule(spec, { from: [{}] }),
    spec => withRule(spec, { from: source({}) }),
    spec => withRule(spec, { from: source({ ipBlocks: ['127.2.0.300'] }) }),
    spec => withRule(spec, { from: source({ ipBlocks: ['127.2.0.0/33'] }) }),
    spec =>
      withRule(spec, {
        from: source({ serviceAccounts: ['app-0'], principals: ['*'] }),
      }),
    spec => withRule(spec, { from: source({ serviceAccounts: ['*'] }) }),
    spec => withRule(spec, { from: source({ serviceAccounts: ['a/b/c'] }) }),
    spec => withRule(spec, { from: source({ principals: [''] }) }),
    spec => withRule(spec, { from: source({ principals: ['a*b'] }) }),
    spec => withRule(spec, { when: [{ key: 'source.foo', values: ['x'] }] }),
    spec => withRule(spec, { when: [{ key: 'source.namespace' }] }),
    spec => withRule(spec, { when: [{ key: 'source.ip', values: ['x'] }] }),
    spec => ({ ...spec, selector: { matchLabels: { app: '' } } }),
    spec => ({ ...spec, selector: { matchLabels: { '': 'x' } } }),
    spec => ({ ...spec, selector: { matchLabels: { app: 'a*' } } }),
    spec => ({ ...spec, action: 'ALLOWED' }),
    spec => ({ ...spec, action: 'CUSTOM' }),
    spec => ({ ...spec, action: 'AUDIT', rules: undefined }),
    spec => ({
      ...spec,
      selector: { matchLabels: { app: 'app-0' } },
      targetRefs: [{ group: '', kind: 'Service', name: 'app-0' }],
    }),
    spec => ({ ...spec, targetRefs: [{ kind: 'Deployment', name: 'app-0' }] }),
  ],
  PeerAuthentication: [
    ({ selector, ...spec }) => ({
      ...spec,
      portLevelMtls: { 8080: { mode: 'DISABLE' } },
    }),
    spec => ({ ...spec, portLevelMtls: { 0: { mode: 'DISABLE' } } }),
    spec => ({ ...spec, portLevelMtls: { 'http-api': { mode: 'DISABLE' } } }),
    spec => ({ ...spec, portLevelMtls: {} }),
    spec => ({ ...spec, mtls: { mode: 'strict' } }),
    spec => ({ ...spec, mtls: {} }),
    spec => ({ ...spec, selector: { matchLabels: {} } }),
    spec => ({ ...spec, selector: {} }),
  ],
  NetworkPolicy: [
    spec => withPort(spec, { port: 9090, endPort: 8080 }),
    spec => withPort(spec, { port: 'http-api', endPort: 9090 }),
    spec => withPort(spec, { endPort: 9090 }),
    spec => withPort(spec, { port: 0 }),
    spec => withPort(spec, { port: 70000 }),
    spec => withPort(spec, { port: 'Not_A_Name' }),
    spec => withPort(spec, { port: 8080, protocol: 'ICMP' }),
    spec => withPort(spec, { port: 8080, protocol: 'tcp' }),
    spec => withPeer(spec, { ipBlock: { cidr: '127.2.0.0/33' } }),
    spec => withPeer(spec, { ipBlock: { cidr: '127.2.0.9' } }),
    spec => withPeer(spec, { ipBlock: { cidr: '127.2.0.9/24' } }),
    spec => withPeer(spec, { ipBlock: { cidr: '::/0' } }),
    spec =>
      withPeer(spec, {
        ipBlock: { cidr: '127.2.0.0/24', except: ['127.3.0.0/24'] },
      }),
    spec =>
      withPeer(spec, {
        ipBlock: { cidr: '127.2.0.0/24', except: ['127.2.0.0/24'] },
      }),
    spec =>
      withPeer(spec, { podSelector: {}, ipBlock: { cidr: '127.2.0.0/24' } }),
    spec => withPeer(spec, {}),
    spec =>
      withPeer(spec, {
        podSelector: {
          matchExpressions: [{ key: 'app', operator: 'Is', values: ['app-0'] }],
        },
      }),
    spec =>
      withPeer(spec, {
        podSelector: {
          matchExpressions: [{ key: 'app', operator: 'In', values: [] }],
        },
      }),
    spec =>
      withPeer(spec, {
        podSelector: {
          matchExpressions: [
            { key: 'app', operator: 'Exists', values: ['app-0'] },
          ],
        },
      }),
    spec => withPeer(spec, { podSelector: { matchLabels: { app: 'a b' } } }),
    spec => ({ ...spec, policyTypes: [] }),
    spec => ({ ...spec, policyTypes: ['ingress'] }),
    spec => ({ ...spec, policyTypes: ['Egress', 'Egress'] }),
    spec => ({ ...spec, ingres: [] }),
  ],
};

/** The policies with a mistake in one of them, now and then. */
export function withOddity(policies: Manifest[], random: Random): Manifest[] {
  if (policies.length === 0 || !random.chance(0.08)) return policies;
  const at = random.below(policies.length);
  const odd = random.one(ODDITIES[policies[at].kind]);
  return policies.map((policy, index) =>
    index === at ? { ...policy, spec: odd(policy.spec ?? {}) } : policy,
  );
}
