import fc from 'fast-check';
import { evaluate } from './evaluate';
import { explain } from './explain';
import { amendWorld, createWorld } from './World';
import { networkPolicy, policy, shop } from './__testUtils__/ask';
import { diff } from '../reach/diff';
import { Call, Change } from './types';
import {
  clusterOf,
  deployment,
  statedProfile,
  worldOf,
} from './__testUtils__/worlds';
import {
  randomObjects,
  randomWaypointObjects,
} from './__testUtils__/randomWorlds';
import { KubernetesObject, MeshMode } from '../estate/types';

function applied(
  objects: readonly KubernetesObject[],
  changes: readonly Change[],
): KubernetesObject[] {
  const concerned = changes.filter(({ action }) => action !== 'add');
  const isConcerned = ({ kind, metadata }: KubernetesObject) =>
    concerned.some(
      ({ object }) =>
        object.kind === kind &&
        object.name === metadata.name &&
        object.namespace === metadata.namespace,
    );
  return [
    ...objects.filter(object => !isConcerned(object)),
    ...changes
      .filter(({ action }) => action !== 'remove')
      .map(({ manifest }) => manifest as KubernetesObject),
  ];
}

describe('Changes that would allow a refused call', () => {
  it.each([
    ['random worlds', randomObjects, 'sidecar' as const],
    ['worlds with waypoints', randomWaypointObjects, 'ambient' as const],
  ])('allow it together, and not one less, in %s', (_, objects, mesh) => {
    let seen = 0;
    fc.assert(
      fc.property(objects, fc.nat(2), fc.nat(2), (world, a, b) => {
        const judge = (all: readonly KubernetesObject[], call: Call) =>
          evaluate(
            createWorld([clusterOf(all, { profile: statedProfile(), mesh })]),
            call,
          ).verdict;
        const compiled = createWorld([
          clusterOf(world, { profile: statedProfile(), mesh }),
        ]);
        const names = [...compiled.parties.keys()];
        const call: Call = {
          from: names[a % names.length],
          to: names[b % names.length],
          port: 8080,
          http: { method: 'GET', path: '/a/x', host: 'shop.a' },
        };
        const { changes } = explain(compiled, call);
        if (changes.length === 0) return;
        seen++;
        expect(judge(applied(world, changes), call)).toBe('allow');
        for (const left of changes) {
          const others = changes.filter(change => change !== left);
          expect(judge(applied(world, others), call)).not.toBe('allow');
        }
      }),
      { numRuns: Number(process.env.CALLGATE_FUZZ_RUNS ?? 250) },
    );
    expect(seen).toBeGreaterThan(0);
  });
});

describe('The text of a change', () => {
  const texts = (yaml: string, call: Partial<Call>, mesh?: MeshMode) =>
    explain(worldOf(yaml, mesh ? { mesh } : {}), {
      from: 'shop/Deployment/checkout',
      to: 'shop/Deployment/orders',
      port: 8080,
      ...call,
    }).changes.map(({ text }) => text);
  const closed = networkPolicy(
    '{ podSelector: { matchLabels: { app: orders } }, policyTypes: [Ingress] }',
  );
  const twin = deployment('shop/checkout').replace(
    'name: checkout,',
    'name: twin,',
  );

  it('says that plaintext lets in every caller without an identity, whoever asked', () => {
    const plain = `${shop}apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: other, labels: { istio-injection: disabled } }\n---\n${policy(
      '{}',
    )}`;
    expect(
      texts(plain, { from: 'other/Deployment/stranger', http: undefined }),
    ).toEqual([
      'Add an authorization policy of shop/Deployment/orders that admits port 8080 from every caller without an identity of the mesh, other/Deployment/stranger among them.',
    ]);
  });

  it('names the workloads that its labels or its identity open as well, as the diff does', () => {
    const kernel = shop + twin + closed;
    const [text] = texts(kernel, {});
    expect(text).toBe(
      'Add a network policy that lets TCP 8080 from shop/Deployment/checkout (and shop/Deployment/twin, alike to it) into shop/Deployment/orders.',
    );
    const before = worldOf(kernel);
    const { changes } = explain(before, {
      from: 'shop/Deployment/checkout',
      to: 'shop/Deployment/orders',
      port: 8080,
    });
    const after = amendWorld(before, {
      apply: changes.map(({ manifest }) => ({
        object: manifest as KubernetesObject,
        at: { file: 'change.yaml' },
      })),
    });
    expect(
      diff(before, after)
        .gained.map(({ from }) => from)
        .sort(),
    ).toEqual(['shop/Deployment/checkout', 'shop/Deployment/twin']);
    expect(texts(shop + twin + policy('{}'), {}, 'sidecar')).toEqual([
      'Add an authorization policy of shop/Deployment/orders that admits port 8080 from shop/Deployment/checkout (and shop/Deployment/twin, alike to it).',
    ]);
  });
});
