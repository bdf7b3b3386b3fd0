import {
  ask,
  get,
  http,
  networkPolicy,
  policy,
  shop,
  sidecar,
  stranger,
} from './__testUtils__/ask';

/** A policy that closes the provider and lets nobody in. */
const closing = (name: string) =>
  networkPolicy(
    '{ podSelector: { matchLabels: { app: orders } }, ingress: [] }',
    name,
  );
const into = (yaml: string, call = {}, options = {}) => {
  const { hops } = ask(shop + http + yaml, call, options);
  return hops[hops.length - 1];
};

describe('who decides at a hop, in a sentence', () => {
  it.each([
    [
      ['a'],
      'NetworkPolicy shop/a isolates shop/Deployment/orders for ingress, and no rule admits TCP 8080 from shop/Deployment/checkout.',
    ],
    [
      ['a', 'b'],
      'NetworkPolicy shop/a and NetworkPolicy shop/b isolate shop/Deployment/orders for ingress, and no rule admits TCP 8080 from shop/Deployment/checkout.',
    ],
    [
      ['a', 'b', 'c'],
      'NetworkPolicy shop/a, NetworkPolicy shop/b and NetworkPolicy shop/c isolate shop/Deployment/orders for ingress, and no rule admits TCP 8080 from shop/Deployment/checkout.',
    ],
    [
      ['a', 'b', 'c', 'd'],
      '4 policies isolate shop/Deployment/orders for ingress, and no rule admits TCP 8080 from shop/Deployment/checkout.',
    ],
  ])(
    'names %j, up to three; of more their number stands there',
    (names, text) => {
      const hop = into(names.map(closing).join(''));
      expect(hop.text).toBe(text);
      // Whoever wants their names has them.
      expect(hop.by.map(({ name }) => name)).toEqual(names);
    },
  );

  it('says "admit" of several rules of one policy', () => {
    const rules = networkPolicy('{ podSelector: {}, ingress: [{}, {}] }');
    expect(into(rules, { from: stranger }).text).toBe(
      'NetworkPolicy shop/np ingress[0] and NetworkPolicy shop/np ingress[1] admit TCP 8080 from other/Deployment/stranger.',
    );
    expect(
      into(networkPolicy('{ podSelector: {}, ingress: [{}, {}, {}, {}, {}] }'))
        .text,
    ).toBe(
      '5 rules of one policy admit TCP 8080 from shop/Deployment/checkout.',
    );
  });

  it('says the same of authorization policies', () => {
    const allow = (name: string, methods: string) =>
      policy(
        `{ rules: [{ to: [{ operation: { methods: [${methods}] } }] }] }`,
        name,
      );
    const call = get();
    expect(
      into(allow('a', 'GET') + allow('b', 'GET'), call, sidecar).text,
    ).toBe(
      'AuthorizationPolicy shop/a rules[0] and AuthorizationPolicy shop/b rules[0] admit the call.',
    );
    expect(
      into(allow('a', 'PUT') + allow('b', 'PUT'), call, sidecar).text,
    ).toBe(
      'AuthorizationPolicy shop/a and AuthorizationPolicy shop/b admit only what their rules match, and none matches this call.',
    );
  });
});
