import { manifest, OTHERS } from '../__fixtures__/others';
import { policyText, shopCatalog, shopState } from '../__fixtures__/shop';
import { meaning } from '../meaning/meaning';
import type { PolicyState } from '../meaning/types';
import { compareMeaning } from '../meaning/compareMeaning';
import { prove } from '../proof/prove';
import { describePolicyOfOthers, nameOfPolicy } from './describe';

const ORDERS = 'shop/Deployment/orders';
const READ = policyText('orders', ['checkout: listOrders']);
const WITH_CART = policyText('orders', [
  'checkout: listOrders',
  'cart: createOrder',
]);

function asked(
  others: string,
  texts: readonly [readonly string[], readonly string[]] = [[], [READ]],
) {
  const [before, after] = texts.map(each => shopState(each, others));
  return { before, after, ...judged(before, after) };
}

function judged(before: PolicyState, after: PolicyState) {
  const api = 'api:default/orders';
  const meant = meaning({ before, after, api, catalog: shopCatalog() });
  return {
    meant,
    proof: prove({ before, after, approved: [meant.content] }),
  };
}

const policy = (spec: string, name = 'guard') =>
  manifest('security.istio.io/v1', 'AuthorizationPolicy', 'shop', name, spec);
const onOrders = (rest: string, name?: string) =>
  policy(`{ selector: { matchLabels: { app: orders } }, ${rest} }`, name);

describe('a policy of others that nobody judges', () => {
  it.each(OTHERS)(
    '%s is a gap that is told once, and blocks nothing',
    (name, may, text) => {
      const { meant, proof } = asked(text);
      expect(
        proof.findings.filter(({ severity }) => severity === 'error'),
      ).toEqual([]);
      expect(proof.holds).toBe(true);
      expect(
        meant.others.map(other => [nameOfPolicy(other), other.may]),
      ).toEqual([[name, may]]);
      expect(meant.others[0].ends).toContain(ORDERS);
      expect(meant.gained).toHaveLength(1);
      // The check says no more than is proved.
      expect(proof.points.map(point => point.text)).toContain(
        'As far as policies are judged, effective access is what is declared. 1 policy of others is not.',
      );
    },
  );

  it.each(OTHERS)(
    '%s hides no caller that the first grant cuts',
    (_, __, text) => {
      expect(asked(text).meant.flips).toEqual(asked('').meant.flips);
    },
  );

  it.each(OTHERS)('%s hides nothing that nobody approved', (_, __, text) => {
    const { before, after } = asked(text, [[READ], [WITH_CART]]);
    const proof = prove({ before, after, approved: [] });
    expect(proof.unapproved.map(({ from, to }) => [from, to])).toEqual([
      ['shop/Deployment/cart', ORDERS],
    ]);
  });

  it('is part of what is approved: another one has to be approved again, and one that is gone has not', () => {
    const [[, , cilium], , , [, , global]] = OTHERS;
    const one = asked(cilium).meant;
    const two = asked(`${cilium}---\n${global}`).meant;
    const none = asked('').meant;
    expect(new Set([none, one, two].map(({ digest }) => digest)).size).toBe(3);
    expect(compareMeaning(one, two)).toEqual({
      result: 'wider',
      differences: [
        {
          code: 'other-policy',
          policy: expect.objectContaining({ kind: 'GlobalNetworkPolicy' }),
        },
      ],
      reasons: [
        'a policy of others touches it: GlobalNetworkPolicy guard (projectcalico.org) in prod touches shop/Deployment/orders, and Callgate does not judge what it says: it may refuse this, or open more',
      ],
    });
    expect(compareMeaning(two, one).result).toBe('narrower');
  });

  it('leaves digests as they were where there is none', () => {
    expect(asked('').meant.content).not.toHaveProperty('others');
  });

  it('is no part of a meaning whose ends it does not touch', () => {
    const elsewhere = manifest(
      'cilium.io/v2',
      'CiliumNetworkPolicy',
      'shop',
      'guard',
      '{ endpointSelector: { matchLabels: { app: stock } }, ingress: [{}], egress: [{}] }',
    );
    expect(asked(elsewhere).meant).toEqual(asked('').meant);
  });

  it('of the caller touches what the caller sends', () => {
    const { meant, proof } = asked(
      manifest(
        'cilium.io/v2',
        'CiliumNetworkPolicy',
        'shop',
        'guard',
        '{ endpointSelector: { matchLabels: { app: checkout } }, egress: [{ toEntities: [cluster] }] }',
      ),
    );
    expect(proof.holds).toBe(true);
    expect(meant.others.map(({ ends }) => ends)).toEqual([
      ['shop/Deployment/checkout'],
    ]);
  });

  it('may open what a request closes, so that it is told there too; filters and what only refuses do not pass network policies', () => {
    const told = OTHERS.filter(
      ([, , text]) =>
        asked(text, [[WITH_CART], [READ]]).meant.others.length > 0,
    );
    expect(told.map(([name]) => name)).toEqual(
      OTHERS.slice(0, 8).map(([name]) => name),
    );
  });

  const [, , TEXT] = OTHERS[0];
  const LABELLED = TEXT.replace(
    'metadata: {',
    'metadata: { labels: { app.kubernetes.io/managed-by: callgate },',
  );
  it.each([
    ['with the label of Callgate', 'clusters/prod/shop/more.yaml', LABELLED],
    ['in a file of Callgate', 'clusters/prod/shop/callgate-more.yaml', TEXT],
  ])('%s is none of others, and blocks', (_, path, text) => {
    const [before, after] = [[], [READ]].map(texts => {
      const state = shopState(texts);
      const [file] = shopState([READ]).compilation.files;
      const files = [...state.compilation.files, { ...file, path, text }];
      return { ...state, files };
    });
    expect(judged(before, after).proof.holds).toBe(false);
  });

  it('beside a DENY that surely refuses hides nothing: that blocks', () => {
    const { proof } = asked(
      `${OTHERS[0][2]}---\n${onOrders(
        'action: DENY, rules: [{ to: [{ operation: { paths: ["/orders"] } }] }]',
        'freeze',
      )}`,
    );
    expect(proof.holds).toBe(false);
    expect(proof.findings.map(({ code }) => code)).toContain('access-missing');
  });

  it('is named with the ends that it touches, and of many how many', () => {
    expect(
      describePolicyOfOthers({
        cluster: 'prod',
        group: 'cilium.io',
        kind: 'CiliumNetworkPolicy',
        namespace: 'shop',
        name: 'guard',
        may: 'open-or-refuse',
        ends: ['a/Job/a', 'b/Job/b', 'c/Job/c', 'd/Job/d'],
      }),
    ).toBe(
      'CiliumNetworkPolicy shop/guard (cilium.io) in prod touches a/Job/a, b/Job/b, c/Job/c and 1 more, and Callgate does not judge what it says: it may refuse this, or open more.',
    );
  });
});

// What a CUSTOM or a DENY says of paths, methods and ports is judged; what it asks of tokens, headers or an authorizer is not.
describe('a rule of others', () => {
  const CUSTOM = 'action: CUSTOM, provider: { name: oidc }, rules:';
  const DENY = 'action: DENY, rules:';
  const TOKENS = `---\n${manifest(
    'security.istio.io/v1',
    'RequestAuthentication',
    'shop',
    'tokens',
    '{ selector: { matchLabels: { app: orders } }, jwtRules: [{ issuer: "https://id.example" }] }',
  )}`;

  it.each([
    [
      'another path',
      `${CUSTOM} [{ to: [{ operation: { paths: ["/admin/*"] } }] }]`,
    ],
    [
      'another method',
      `${CUSTOM} [{ to: [{ operation: { methods: [DELETE] } }] }]`,
    ],
    [
      'another port',
      `${CUSTOM} [{ to: [{ operation: { ports: ["9090"] } }] }]`,
    ],
    ['another port', `${DENY} [{ to: [{ operation: { ports: ["9090"] } }] }]`],
    [
      'another path',
      `${DENY} [{ to: [{ operation: { paths: ["/admin/*"] } }] }]`,
    ],
    [
      'another path and no token',
      `${DENY} [{ from: [{ source: { notRequestPrincipals: ["*"] } }], to: [{ operation: { paths: ["/admin/*"] } }] }]`,
    ],
  ])('about %s touches nothing: %s', (_, rest) => {
    const { meant, proof } = asked(onOrders(rest) + TOKENS);
    expect(proof.holds).toBe(true);
    expect(meant.others).toEqual([]);
  });

  it.each([
    [
      'an authorizer',
      `${CUSTOM} [{ to: [{ operation: { paths: ["/orders*"] } }] }]`,
    ],
    [
      'a token',
      `${DENY} [{ from: [{ source: { notRequestPrincipals: ["*"] } }] }]`,
    ],
    [
      'a header',
      `${DENY} [{ when: [{ key: "request.headers[x-env]", values: [test] }] }]`,
    ],
    [
      'the first client',
      `${DENY} [{ from: [{ source: { remoteIpBlocks: [192.0.2.0/24] } }] }]`,
    ],
  ])('about %s is a gap', (_, rest) => {
    const { meant, proof } = asked(onOrders(rest) + TOKENS);
    expect(proof.holds).toBe(true);
    expect(meant.others).toEqual([
      {
        cluster: 'prod',
        group: 'security.istio.io',
        kind: 'AuthorizationPolicy',
        namespace: 'shop',
        name: 'guard',
        may: 'refuse',
        ends: [ORDERS],
      },
    ]);
  });

  it('about a token blocks where no request can have one, for then it refuses surely', () => {
    const { proof } = asked(
      onOrders(
        `${DENY} [{ from: [{ source: { notRequestPrincipals: ["*"] } }] }]`,
      ),
    );
    expect(proof.holds).toBe(false);
  });

  it('beside one that surely refuses hides nothing', () => {
    const { proof } = asked(
      onOrders(
        `${DENY} [{ when: [{ key: "request.headers[x-env]", values: [test] }] }, { to: [{ operation: { methods: [GET] } }] }]`,
      ),
    );
    expect(proof.holds).toBe(false);
    const [missing] = proof.verify.missing;
    expect(missing.by).toEqual(['AuthorizationPolicy shop/guard rules[1]']);
  });

  it('that Istio would reject keeps blocking: nobody knows what holds instead', () => {
    const { proof } = asked(onOrders('action: CUSTOM, rules: [{}]'));
    expect(proof.holds).toBe(false);
  });
});
