import {
  deployment,
  statedProfile,
  worldOf,
} from '../evaluate/__testUtils__/worlds';
import { RequestSet } from '../requestset/RequestSet';
import { diff } from './diff';
import { effectiveAccess } from './effectiveAccess';
import { reach } from './reach';

const base = `${
  deployment('shop/orders') + deployment('shop/checkout')
}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
---
`;

/**
 * `width` segments, one of them a literal, each list ending with its own word:
 * an automaton has to remember which of the literals it has seen, a state for
 * each subset of them. 2^11 fit the budget of 100,000 states, 2^24 do not, and
 * neither do the pairs of two lists of 2^11 with different literals.
 */
function crossed(width: number, word: string, order = 1): string {
  const paths = Array.from({ length: width }, (_, at) => {
    const segments = Array.from({ length: width }, (_each, i) =>
      i === at ? word : '{*}',
    );
    return `'/${segments.join('/')}/end-${at}'`;
  });
  if (order < 0) paths.reverse();
  return `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: orders, namespace: shop }
spec:
  selector: { matchLabels: { app: orders } }
  rules: [{ to: [{ operation: { methods: [GET], paths: [${paths.join(
    ', ',
  )}] } }] }]
---
`;
}

const world = (text: string) =>
  worldOf(base + text, { mesh: 'sidecar', profile: statedProfile() });
const [checkout, orders] = [
  'shop/Deployment/checkout',
  'shop/Deployment/orders',
];

describe('worlds with more patterns than the budget', () => {
  it('have bounds and the condition too-complex, never a wrong answer', () => {
    const { sure, possible, conditions } = effectiveAccess(
      world(crossed(24, 'a')),
      checkout,
      orders,
    );
    const request = {
      protocol: 'TCP' as const,
      port: 8080,
      method: 'GET',
      host: 'orders',
      path: `/a${'/b'.repeat(23)}/end-0`,
    };
    expect([sure.contains(request), possible.contains(request)]).toEqual([
      false,
      true,
    ]);
    expect(
      sure.intersect(RequestSet.of({ protocol: 'TCP', ports: [8080] })).isEmpty,
    ).toBe(true);
    expect(conditions.map(({ kind }) => kind)).toContain('too-complex');
  });

  it('are read by reach, which says what its entries rest on', () => {
    const { edges, findings } = reach(world(crossed(24, 'a')), {
      outside: false,
    });
    const edge = edges.find(each => each.to === orders);
    expect(edge?.access.some(({ certainty }) => certainty === 'possible')).toBe(
      true,
    );
    expect(
      edge?.access.flatMap(({ conditions = [] }) =>
        conditions.map(({ kind }) => kind),
      ),
    ).toContain('too-complex');
    expect(findings).toMatchObject([
      { code: 'too-complex', objects: ['AuthorizationPolicy shop/orders'] },
    ]);
    expect(findings[0].message).toContain(`${checkout} → ${orders}`);
  });

  it('show all access of a pair where two exact sets cannot be compared', () => {
    const [before, after] = [world(crossed(11, 'a')), world(crossed(11, 'b'))];
    const exact = effectiveAccess(before, checkout, orders);
    expect(exact.sure.equals(exact.possible)).toBe(true);
    const { changed, findings } = diff(before, after);
    expect(findings.map(({ code }) => code)).toEqual(['too-complex']);
    expect(findings[0].objects).toEqual(
      expect.arrayContaining([checkout, orders]),
    );
    const found = changed.find(
      ({ from, to }) => from === checkout && to === orders,
    );
    for (const part of [found?.gained, found?.lost]) {
      expect(
        part?.some(
          ({ certainty, conditions = [] }) =>
            certainty === 'possible' &&
            conditions.some(({ kind }) => kind === 'too-complex'),
        ),
      ).toBe(true);
    }
  });

  it('are no difference where the paths are written in another order', () => {
    const { changed, gained, lost, layers } = diff(
      world(crossed(11, 'a')),
      world(crossed(11, 'a', -1)),
    );
    expect([changed, gained, lost, layers]).toEqual([[], [], [], []]);
  });
});
