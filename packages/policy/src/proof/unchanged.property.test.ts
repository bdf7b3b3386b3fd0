import fc from 'fast-check';
import {
  policyText,
  shopCatalog,
  shopCluster,
  shopState,
} from '../__fixtures__/shop';
import { compile } from '../compile/compile';
import { meaning } from '../meaning/meaning';
import type { PolicyState } from '../meaning/types';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import type { PlanInput } from '../plan/types';
import type { Cluster } from '../estate/types';
import { prove } from './prove';

// What is remembered from one state to the next must be what is worked out from nothing.

const WIDE = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: wide, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ ipBlock: { cidr: 192.0.2.0/24 } }, { podSelector: {} }] }]
`;
const STRICT = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: all, namespace: shop }
spec: { mtls: { mode: STRICT } }
`;
const CLOSED = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: { istio-injection: enabled, callgate.dev/egress: enforce }
`;
const OPERATIONS = ['listOrders', 'createOrder', 'getOrder', 'missing'];

const grants = (callers: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...callers), { maxLength: 3 }).chain(chosen =>
    fc.tuple(
      ...chosen.map(caller =>
        fc
          .uniqueArray(fc.constantFrom(...OPERATIONS.slice(0, 3)), {
            minLength: 1,
            maxLength: 3,
          })
          .map(operations => `${caller}: ${operations.join(', ')}`),
      ),
    ),
  );

const policies = fc
  .record({
    orders: fc.option(grants(['checkout', 'cart', 'stock'])),
    admin: fc.option(fc.constantFrom('cart: refund', 'checkout: refund')),
    stock: fc.option(
      fc.constantFrom(
        'orders: listOrders',
        'cart: missing',
        'cart: listOrders',
      ),
    ),
  })
  .map(({ orders, admin, stock }) => [
    ...(orders ? [policyText('orders', orders)] : []),
    ...(admin ? [policyText('orders-admin', [admin])] : []),
    ...(stock ? [policyText('stock', [stock])] : []),
  ]);

const story = fc.record({
  states: fc.array(policies, { minLength: 2, maxLength: 5 }),
  more: fc.constantFrom('', WIDE, STRICT, CLOSED),
  // The last state before the proposal may have been changed by hand.
  byHand: fc.constantFrom('', 'checkout', 'GET', '8080'),
});

/** States of one estate, with everything that did not change being the same objects. */
class Estate {
  readonly #catalog = shopCatalog();
  readonly #cluster: Cluster;
  readonly #policies = new Map<string, PlanInput['policies'][number]>();

  constructor(more: string) {
    this.#cluster = shopCluster(more);
  }

  state(texts: readonly string[]): PolicyState {
    const clusters = [this.#cluster];
    const policies_ = texts.map((text, index) => this.#policy(text, index));
    return {
      clusters,
      compilation: compile({
        policies: policies_,
        catalog: this.#catalog,
        clusters,
      }),
    };
  }

  #policy(text: string, index: number) {
    const path = `policies/${index}.yaml`;
    const key = `${path}\n${text}`;
    let known = this.#policies.get(key);
    if (!known) {
      const { policy } = parseAccessPolicy({ path, text });
      if (!policy) throw new Error(`No policy: ${text}`);
      known = { policy, file: path };
      this.#policies.set(key, known);
    }
    return known;
  }
}

function changedByHand(state: PolicyState, word: string): PolicyState {
  if (word === '') return state;
  return {
    ...state,
    files: state.compilation.files.map(file => ({
      ...file,
      text: file.text.replace(word, `${word}1`),
    })),
  };
}

/** Everything that a proof says, as text. */
function said(before: PolicyState, after: PolicyState): unknown {
  const contents = ['orders', 'orders-admin', 'stock'].map(name =>
    meaning({
      before,
      after,
      api: `api:default/${name}`,
      catalog: shopCatalog(),
    }),
  );
  const approved = contents.map(({ content }) => content);
  const proof = prove({ before, after, approved });
  const text = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && 'key' in value
      ? { key: value.key }
      : value;
  return JSON.parse(
    JSON.stringify(
      {
        files: after.compilation.files,
        findings: after.compilation.findings,
        failed: after.compilation.failedApis,
        edges: after.compilation.plan.edges,
        plumbing: after.compilation.plan.plumbing,
        isolations: after.compilation.plan.isolations,
        contents,
        proof,
      },
      text,
    ),
  );
}

describe('a state that is compiled and proved after others', () => {
  it('is what it would be without them', () => {
    const outcomes = new Map<boolean, number>();
    fc.assert(
      fc.property(story, ({ states, more, byHand }) => {
        const estate = new Estate(more);
        const known = states.map(texts => estate.state(texts));
        for (let index = 1; index < states.length; index++) {
          const isLast = index === states.length - 1;
          const hand = isLast ? byHand : '';
          const [was, is] = [states[index - 1], states[index]];
          const found = said(
            changedByHand(known[index - 1], hand),
            known[index],
          ) as { proof: { holds: boolean } };
          expect(found).toEqual(
            said(
              changedByHand(shopState(was, more), hand),
              shopState(is, more),
            ),
          );
          const { holds } = found.proof;
          outcomes.set(holds, (outcomes.get(holds) ?? 0) + 1);
        }
      }),
      { numRuns: 60 },
    );
    // Both proofs that hold and such that do not were met.
    expect(outcomes.get(true)).toBeGreaterThan(10);
    expect(outcomes.get(false)).toBeGreaterThan(10);
  });
});
