import { manifest, OTHERS } from '../__fixtures__/others';
import { asked, onOrders, ORDERS } from './__testUtils__/asked';

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

  describe.each(['CUSTOM, provider: { name: oidc }', 'DENY'])(
    'about a host, with action %s',
    action => {
      const touches = (host: string, more = '') => {
        const { meant, proof } = asked(
          `${onOrders(
            `action: ${action}, rules: [{ to: [{ operation: { hosts: ["${host}"] } }] }]`,
          )}${more}`,
        );
        return meant.others.length > 0 || !proof.holds;
      };
      const beside = (apiVersion: string, kind: string, spec: string) =>
        `---\n${manifest(apiVersion, kind, 'shop', 'legacy', spec)}`;
      const route = (host: string) =>
        beside(
          'networking.istio.io/v1',
          'VirtualService',
          `{ hosts: [admin.example.com], http: [{ route: [{ destination: { host: ${host} } }] }] }`,
        );
      const alias = beside(
        'v1',
        'Service',
        '{ type: ExternalName, externalName: orders.shop.svc.cluster.local }',
      );

      it.each([
        ['admin.example.com', ''],
        ['*.example.com', ''],
        ['stock.shop.svc.cluster.local', ''],
        ['admin.example.com', route('stock')],
        ['legacy.shop', ''],
      ])('touches nothing that calls the API by its names: %s%s', (...about) =>
        expect(touches(...about)).toBe(false),
      );

      it.each([
        ['orders.shop.svc.cluster.local', ''],
        ['ORDERS:80', ''],
        ['*.svc', ''],
        ['*', ''],
        ['admin.example.com', route('orders')],
        ['*.example.com', route('orders.shop')],
        ['legacy.shop', alias],
      ])('touches what calls it by that name: %s%s', (...about) =>
        expect(touches(...about)).toBe(true),
      );
    },
  );

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

  it.each(OTHERS)(
    'of which one part surely refuses hides nothing beside %s either',
    (_, __, text) => {
      const mixed = onOrders(
        `${DENY} [{ from: [{ source: { principals: ["cluster.local/ns/shop/sa/checkout"] } }, { source: { notRequestPrincipals: ["*"] } }] }]`,
        'mixed',
      );
      const { proof } = asked(`${text}---\n${mixed}${TOKENS}`);
      expect(proof.holds).toBe(false);
      expect(proof.findings.map(({ code }) => code)).toContain(
        'access-missing',
      );
    },
  );

  it('that Istio would reject keeps blocking: nobody knows what holds instead', () => {
    const { proof } = asked(onOrders('action: CUSTOM, rules: [{}]'));
    expect(proof.holds).toBe(false);
  });
});
