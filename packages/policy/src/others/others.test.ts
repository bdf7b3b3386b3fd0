import { manifest, OTHERS } from '../__fixtures__/others';
import {
  compileShop,
  policyText,
  shopCluster,
  shopState,
} from '../__fixtures__/shop';
import { withGenerated } from '../compile/generatedObjects';
import { loadManifests } from '../estate/loadManifests';
import { compareMeaning } from '../meaning/compareMeaning';
import { prove } from '../proof/prove';
import { verify } from '../verify/verify';
import { asked, judged, onOrders, ORDERS, READ } from './__testUtils__/asked';
import { describePolicyOfOthers, nameOfPolicy } from './describe';

const WITH_CART = policyText('orders', [
  'checkout: listOrders',
  'cart: createOrder',
]);

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
  const inFile = (path: string, text: string) => {
    const [before, after] = [[], [READ]].map(texts => {
      const state = shopState(texts);
      const [file] = shopState([READ]).compilation.files;
      const files = [...state.compilation.files, { ...file, path, text }];
      return { ...state, files };
    });
    return judged(before, after);
  };

  it('in a file of Callgate is none of others, and blocks', () => {
    const { proof } = inFile('clusters/prod/shop/callgate-more.yaml', TEXT);
    expect(proof.holds).toBe(false);
  });

  it('with the label of Callgate is one of others all the same: Callgate generates no such kind, and who may write one may write labels', () => {
    const { proof, meant } = inFile('clusters/prod/shop/more.yaml', LABELLED);
    expect(proof.holds).toBe(true);
    expect(meant.others).toHaveLength(1);
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

  it('is set aside alike where only what changed is judged again', () => {
    const more = `${OTHERS[0][2]}---\n${onOrders(
      'action: DENY, rules: [{ from: [{ source: { notRequestPrincipals: ["*"] } }] }]',
      'tokens',
    )}`;
    const base = shopCluster(more);
    const verified = (cluster: typeof base, texts: readonly string[]) => {
      const { plan, files } = compileShop(texts, cluster);
      const { objects } = loadManifests(files);
      const { findings, ...lists } = verify({
        plan,
        clusters: [withGenerated(cluster, objects)],
      });
      return findings
        .map(({ message }) => message)
        .concat(lists.others.map(({ name }) => name));
    };
    for (const texts of [[], [READ], [WITH_CART], [READ]])
      expect(verified(base, texts)).toEqual(verified(shopCluster(more), texts));
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
