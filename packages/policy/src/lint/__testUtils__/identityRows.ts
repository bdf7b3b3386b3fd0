import {
  peerAuthentication,
  policy,
  shop,
} from '../../evaluate/__testUtils__/ask';
import { deployment } from '../../evaluate/__testUtils__/worlds';
import { LintRow } from './LintRow';

const rule = (source: string, action = 'ALLOW', name = 'ap') =>
  policy(
    `{ selector: { matchLabels: { app: orders } }, action: ${action}, rules: [{ from: [{ source: { ${source} } }] }] }`,
    name,
  );
const principal = (name: string) =>
  `principals: ['cluster.local/ns/shop/sa/${name}']`;
const strict = peerAuthentication('{ mtls: { mode: STRICT } }');
const disabled = peerAuthentication('{ mtls: { mode: DISABLE } }');

export const identityRows: readonly LintRow[] = [
  {
    code: 'principal-unused',
    about: 'a principal that nobody has',
    why: 'I8: a principal has to be of a service account that pods run under (Kiali KIA0106).',
    wrong: shop + rule(principal('chekout')),
    // Of a namespace that is not in the estate nothing is known.
    right:
      shop +
      rule(
        "principals: ['cluster.local/ns/shop/sa/checkout', 'cluster.local/ns/elsewhere/sa/x']",
      ),
    field: 'spec.rules[0].from[0].source.principals[0]',
    says: ['shop/chekout', '2 workloads of shop'],
  },
  {
    code: 'principal-unused',
    about: 'the same by serviceAccounts, in the namespace of the policy',
    why: 'I8; a name without namespace is of the namespace of the policy (Istio reference, Source.serviceAccounts).',
    wrong: shop + rule('serviceAccounts: [chekout]'),
    right: shop + rule('serviceAccounts: [checkout, other/stranger]'),
    field: 'spec.rules[0].from[0].source.serviceAccounts[0]',
    says: ['shop/chekout'],
  },
  {
    code: 'default-account-trusted',
    about: 'an ALLOW of a default service account',
    why: 'S5: pods that name no service account all have the principal of default.',
    wrong: shop + rule(principal('default')),
    right: shop + rule(principal('default'), 'DENY'),
    field: 'spec.rules[0].from[0].source.principals[0]',
    says: ['shop/default'],
  },
  {
    code: 'trust-domain-unknown',
    about: 'a principal of another trust domain',
    why: 'I4: a principal is compared with its trust domain; only cluster.local, the own one and aliases stand for the mesh (istio `bundle.go`).',
    wrong: shop + rule("principals: ['prod.example/ns/shop/sa/checkout']"),
    right: shop + rule("principals: ['*/ns/shop/sa/checkout']"),
    field: 'spec.rules[0].from[0].source.principals[0]',
    says: ['prod.example', 'cluster.local'],
  },
  {
    code: 'identity-without-mtls',
    about: 'a DENY of a principal while plaintext is taken',
    why: 'I1: a plaintext caller has no principal, so that a DENY of principals misses it (Istio security policy examples).',
    wrong: shop + rule(principal('checkout'), 'DENY'),
    right: shop + strict + rule(principal('checkout'), 'DENY'),
    field: 'spec.rules[0]',
    says: ['shop/Deployment/orders', 'not refused'],
  },
  {
    code: 'identity-without-mtls',
    about:
      'a DENY of a namespace while plaintext is taken, unless plaintext is refused as well',
    why: 'I1: DENY notPrincipals ["*"] refuses whoever has no identity.',
    wrong: shop + rule('namespaces: [other]', 'DENY'),
    right:
      shop +
      rule('namespaces: [other]', 'DENY') +
      rule("notPrincipals: ['*']", 'DENY', 'mtls-only'),
    field: 'spec.rules[0]',
    says: ['not refused'],
  },
  {
    code: 'identity-without-mtls',
    about: 'an ALLOW of everybody but a principal while plaintext is taken',
    why: 'I1: notPrincipals holds for a caller without principal.',
    wrong: shop + rule(principal('checkout').replace('p', 'notP')),
    right:
      shop +
      rule(`namespaces: [shop], ${principal('checkout').replace('p', 'notP')}`),
    field: 'spec.rules[0]',
    says: ['is allowed'],
  },
  {
    code: 'identity-without-mtls',
    about: 'an ALLOW of a principal where mutual TLS is off',
    why: 'I1: without mutual TLS nobody has a principal.',
    wrong: shop + disabled + rule(principal('checkout')),
    // PERMISSIVE: whoever has the identity is admitted, plaintext is refused.
    right: shop + rule(principal('checkout')),
    field: 'spec.rules[0]',
    says: ['never matches'],
  },
  {
    code: 'peer-authentication-order',
    about: 'two PeerAuthentications of one namespace',
    why: 'A11 b: among equals the oldest wins, and manifests carry no time of creation.',
    wrong:
      shop +
      strict +
      peerAuthentication('{ mtls: { mode: PERMISSIVE } }', 'second'),
    right:
      shop +
      strict +
      peerAuthentication('{ mtls: { mode: STRICT } }', 'second') +
      peerAuthentication(
        '{ selector: { matchLabels: { app: orders } }, mtls: { mode: PERMISSIVE } }',
        'own',
      ),
    says: ['PeerAuthentication shop/pa', 'PeerAuthentication shop/second'],
  },
  {
    code: 'policy-without-proxy',
    about: 'a policy of a workload that is not in the mesh',
    why: 'O1: nobody but a proxy enforces an AuthorizationPolicy (istio#25078).',
    wrong:
      shop +
      deployment('shop/batch', { labels: "sidecar.istio.io/inject: 'false'" }) +
      policy('{ selector: { matchLabels: { app: batch } } }'),
    right:
      shop +
      deployment('shop/batch') +
      policy('{ selector: { matchLabels: { app: batch } } }'),
    field: 'spec.selector',
    says: ['shop/Deployment/batch'],
  },
];
