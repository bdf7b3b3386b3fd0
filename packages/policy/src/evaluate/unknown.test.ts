import { evaluate } from './evaluate';
import { createWorld } from './World';
import {
  orders,
  checkout,
  stranger,
  shop,
  verdict,
  kinds,
  toOrders,
  policy,
  sidecar,
} from './__testUtils__/ask';
import { clusterOf, deployment, worldOf } from './__testUtils__/worlds';

/** Each test names the row of the design's table of traps that it is about. */

describe('What is not known is said', () => {
  it('a workload of which nobody says whether it has a sidecar: conditional only where it matters', () => {
    expect(kinds(shop + policy('{}'), {}, { mesh: 'detect' })).toEqual([
      'mesh-guess',
    ]);
    expect(
      verdict(shop + policy('{ rules: [{}] }'), {}, { mesh: 'detect' }),
    ).toBe('allow');
    expect(
      verdict(
        shop + policy('{}') + toOrders('ingress: []'),
        {},
        { mesh: 'detect' },
      ),
    ).toBe('deny');
    expect(verdict(shop + policy('{}'), {}, { mesh: 'none' })).toBe('allow');
  });

  it.each([
    ['cilium.io/v2', 'CiliumNetworkPolicy', 'shop', 'conditional', 'allow'],
    [
      'cilium.io/v2',
      'CiliumClusterwideNetworkPolicy',
      '',
      'conditional',
      'conditional',
    ],
    [
      'projectcalico.org/v3',
      'GlobalNetworkPolicy',
      '',
      'conditional',
      'conditional',
    ],
    [
      'crd.projectcalico.org/v1',
      'NetworkPolicy',
      'shop',
      'conditional',
      'allow',
    ],
    [
      'policy.networking.k8s.io/v1alpha1',
      'AdminNetworkPolicy',
      '',
      'conditional',
      'conditional',
    ],
    [
      'networking.istio.io/v1alpha3',
      'EnvoyFilter',
      'shop',
      'conditional',
      'allow',
    ],
  ])(
    '%s %s is a finding, and what it may touch is conditional',
    (apiVersion, kind, namespace, touched, untouched) => {
      const object = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x${
        namespace === '' ? '' : `, namespace: ${namespace}`
      } }\nspec: {}\n---\n`;
      const yaml = shop + deployment('other/second') + object;
      expect(worldOf(yaml, sidecar).findings).toMatchObject([
        { code: 'unmodelled-policy', at: { file: 'world.yaml' } },
      ]);
      expect(verdict(yaml, {}, sidecar)).toBe(touched);
      expect(
        verdict(
          yaml,
          { from: stranger, to: 'other/Deployment/second' },
          sidecar,
        ),
      ).toBe(untouched);
    },
  );

  it("a policy kind of another mesh is not mistaken for Istio's", () => {
    const linkerd =
      'apiVersion: policy.linkerd.io/v1alpha1\nkind: AuthorizationPolicy\nmetadata: { name: x, namespace: shop }\nspec: {}\n---\n';
    expect(kinds(shop + linkerd)).toContain('unmodelled-policy');
  });

  it('O7: a call between two clusters is not judged', () => {
    const { objects } = worldOf(shop).clusters[0];
    const raw = objects.map(({ object }) => object);
    const world = createWorld([
      clusterOf(raw, { name: 'a' }),
      clusterOf(raw, { name: 'b' }),
    ]);
    expect(
      evaluate(world, { from: `a:${checkout}`, to: `b:${orders}`, port: 8080 }),
    ).toMatchObject({
      verdict: 'conditional',
      conditions: [{ kind: 'not-supported-yet' }],
    });
    expect(
      evaluate(world, { from: `a:${checkout}`, to: `a:${orders}`, port: 8080 })
        .verdict,
    ).toBe('allow');
    expect(
      evaluate(world, { from: checkout, to: orders, port: 8080 }).conditions[0]
        .kind,
    ).toBe('unknown-workload');
  });
});
