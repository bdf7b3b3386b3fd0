import {
  checkout,
  stranger,
  shop,
  verdict,
  kinds,
  peerAuthentication,
  http,
} from './__testUtils__/ask';
import { worldOf } from './__testUtils__/worlds';

/** Each test names the row of the design's table of traps that it is about. */

describe('Mutual TLS', () => {
  const strict = peerAuthentication('{ mtls: { mode: STRICT } }');
  // The stranger's namespace has no sidecars; the shop's has.
  const half = `${shop}apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: other }\n---\n`;

  it('STRICT refuses callers without a mesh, PERMISSIVE takes them, and sidecars negotiate', () => {
    expect(verdict(half + strict, { from: stranger })).toBe('deny');
    expect(verdict(half + strict)).toBe('allow');
    expect(verdict(half, { from: stranger })).toBe('allow');
    expect(verdict(half + strict, { from: '203.0.113.7' })).toBe('deny');
  });

  it('a DestinationRule that disables TLS makes sidecars send plaintext', () => {
    const rule =
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: dr, namespace: shop }\nspec: { host: orders, trafficPolicy: { tls: { mode: DISABLE } } }\n---\n';
    expect(verdict(half + http + strict + rule)).toBe('deny');
    expect(verdict(half + http + rule)).toBe('allow');
    // Only one of two Services is spoken to that way: what holds depends on the way in.
    expect(
      kinds(
        half +
          http +
          http.replace('name: orders,', 'name: orders2,') +
          strict +
          rule,
      ),
    ).toEqual(['way-in']);
  });

  it('mutual TLS that a DestinationRule demands of what does not terminate it is neither admitted nor refused', () => {
    const demand = (host: string) =>
      `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: dr, namespace: shop }\nspec: { host: ${host}, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }\n---\n`;
    const plain =
      'apiVersion: v1\nkind: Service\nmetadata: { name: stranger, namespace: other }\nspec: { selector: { app: stranger }, ports: [{ port: 80, targetPort: 8080 }] }\n---\n';
    const far = demand('stranger.other.svc.cluster.local');
    const toStranger = { from: checkout, to: stranger };
    expect(verdict(half + plain, toStranger)).toBe('allow');
    expect(kinds(half + plain + far, toStranger)).toEqual([
      'protocol-conflict',
    ]);
    // Ports that the Service does not lead to are called without the rule.
    expect(verdict(half + plain + far, { ...toStranger, port: 9 })).toBe(
      'allow',
    );
    // Who has no proxy sends plaintext, whatever rules say.
    expect(
      verdict(half + plain + far, { from: '203.0.113.7', to: stranger }),
    ).toBe('allow');
    const disabled = peerAuthentication('{ mtls: { mode: DISABLE } }');
    expect(kinds(half + http + disabled + demand('orders'))).toEqual([
      'protocol-conflict',
    ]);
    expect(verdict(half + http + disabled)).toBe('allow');
  });

  it('the most specific policy wins, UNSET inherits, the default is PERMISSIVE', () => {
    const root = peerAuthentication(
      '{ mtls: { mode: STRICT } }',
      'root',
      'istio-system',
    );
    const own = (mode: string) =>
      peerAuthentication(
        `{ selector: { matchLabels: { app: orders } }, mtls: { mode: ${mode} } }`,
        'own',
      );
    expect(verdict(half + root, { from: stranger })).toBe('deny');
    expect(
      verdict(
        half + root + peerAuthentication('{ mtls: { mode: PERMISSIVE } }'),
        { from: stranger },
      ),
    ).toBe('allow');
    expect(
      verdict(
        half +
          root +
          peerAuthentication('{ mtls: { mode: PERMISSIVE } }') +
          own('STRICT'),
        { from: stranger },
      ),
    ).toBe('deny');
    expect(verdict(half + root + own('UNSET'), { from: stranger })).toBe(
      'deny',
    );
  });

  it("I2: a port-level mode overrides the workload's, on the workload port, and needs a selector", () => {
    const port = (
      number: number,
      selector = 'selector: { matchLabels: { app: orders } }, ',
    ) =>
      peerAuthentication(
        `{ ${selector}mtls: { mode: STRICT }, portLevelMtls: { ${number}: { mode: PERMISSIVE } } }`,
      );
    expect(verdict(half + http + port(8080), { from: stranger })).toBe('allow');
    expect(verdict(half + http + port(80), { from: stranger })).toBe('deny');
    expect(worldOf(half + port(8080, '')).findings).toMatchObject([
      { code: 'invalid-object' },
    ]);
    expect(kinds(half + port(8080, ''), { from: stranger })).toEqual([
      'invalid-object',
    ]);
  });

  it('A11 (a): in the root namespace one with a selector is ignored for mutual TLS', () => {
    const root = peerAuthentication(
      '{ selector: { matchLabels: { app: orders } }, mtls: { mode: STRICT } }',
      'root',
      'istio-system',
    );
    expect(verdict(half + root, { from: stranger })).toBe('allow');
    expect(worldOf(half + root).findings).toMatchObject([
      { code: 'no-effect' },
    ]);
  });

  it('A11 (b): among equals the oldest wins; without times the verdict is conditional', () => {
    const at = (name: string, mode: string, time: string) =>
      peerAuthentication(
        `{ mtls: { mode: ${mode} } }`,
        name,
        'shop',
        time === '' ? '' : `, creationTimestamp: '${time}'`,
      );
    const [old, young] = ['2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'];
    expect(
      verdict(half + at('a', 'STRICT', young) + at('b', 'PERMISSIVE', old), {
        from: stranger,
      }),
    ).toBe('allow');
    expect(
      verdict(half + at('a', 'STRICT', old) + at('b', 'PERMISSIVE', young), {
        from: stranger,
      }),
    ).toBe('deny');
    expect(
      kinds(half + at('a', 'STRICT', '') + at('b', 'PERMISSIVE', ''), {
        from: stranger,
      }),
    ).toEqual(['policy-age-unknown']);
    expect(
      verdict(half + at('a', 'STRICT', '') + at('b', 'STRICT', ''), {
        from: stranger,
      }),
    ).toBe('deny');
  });
});
