import type { AutomaticApproval, DigestContent, Edge } from '@callgate/policy';
import { type AutomaticFacts, automaticOf } from './automatic';
import type { ProposalDraft, Snapshot } from './types';

const COMMIT = 'a'.repeat(40);
const CALLER = 'component:default/checkout';
const DRAFT: ProposalDraft = {
  api: 'api:default/orders',
  caller: CALLER,
  operations: [{ id: 'listOrders' }],
  in: [],
  acknowledges: [],
};
const rule = (
  name: string,
  unconfirmed: AutomaticApproval['unconfirmed'] = [],
  source: 'repository' | 'configuration' = 'repository',
): AutomaticApproval => ({
  rule: { name, when: '', needs: [], auto: true, source, at: { file: '' } },
  unconfirmed,
});
const edge = (change: object = {}) =>
  ({
    cluster: 'prod',
    caller: CALLER,
    provider: 'component:default/orders',
    from: { id: 'shop/Deployment/checkout' },
    to: { id: 'shop/Deployment/orders' },
    gaps: [],
    ...change,
  } as unknown as Edge);
const content = (change: object = {}) =>
  ({
    gaps: [],
    flips: [],
    removed: [],
    edges: [],
    plumbing: [],
    ...change,
  } as unknown as DigestContent);
const FACTS: AutomaticFacts = {
  asked: [],
  refusedWith: () => [],
  edges: [edge()],
  others: [],
  toEveryone: [],
  shares: false,
  content: content(),
};
const snapshot = (change: object = {}) =>
  ({
    catalog: [],
    clusters: [],
    policies: [],
    standIns: {},
    source: { commit: COMMIT },
    configuredRules: 'config-0123456789ab',
    ...change,
  } as unknown as Snapshot);

const outcome = (
  facts: Partial<AutomaticFacts> = {},
  draft: Partial<ProposalDraft> = {},
  holding = [rule('reads')],
  of = snapshot(),
) => automaticOf(of, { ...DRAFT, ...draft }, holding, { ...FACTS, ...facts });
const flip = (cut: string[]) =>
  content({
    flips: [
      {
        cluster: 'c',
        workload: 'w',
        direction: 'ingress',
        layer: 'kernel',
        cut,
      },
    ],
  });

describe('a rule that approves by itself', () => {
  it('does where nothing else is to be said', () => {
    expect(outcome()).toEqual({ rule: 'reads', version: COMMIT });
  });

  it('is none where none holds', () => {
    expect(outcome({}, {}, [])).toBeUndefined();
  });

  it.each<[string, string, Partial<AutomaticFacts>, Partial<ProposalDraft>]>([
    ['another rule asks', 'others-needed', { asked: ['pci'] }, {}],
    [
      'somebody is cut off',
      'cuts-somebody',
      { content: flip(['ops/Deployment/batch']) },
      {},
    ],
    [
      'a gap is accepted',
      'accepts-gaps',
      {},
      { acknowledges: ['method-not-enforced'] },
    ],
    [
      'a gap is in what it opens',
      'accepts-gaps',
      { edges: [edge({ gaps: ['method-not-enforced'] })] },
      {},
    ],
    [
      'a gap is in what it means',
      'accepts-gaps',
      { content: content({ gaps: ['x'] }) },
      {},
    ],
    ['the workload is shared', 'shared-workload', { shares: true }, {}],
    [
      'policies of others touch it',
      'policies-of-others',
      { content: content({ others: [{}] }) },
      {},
    ],
    [
      'it is for a set',
      'several-callers',
      { edges: [edge({ caller: 'component:default/member' })] },
      {},
    ],
    [
      'it opens something for others',
      'concerns-others',
      { others: [edge()] },
      {},
    ],
    ['it opens to everybody', 'concerns-others', { toEveryone: [edge()] }, {}],
    [
      'a workload is opened',
      'concerns-others',
      { content: content({ opened: [{}] }) },
      {},
    ],
    [
      'others lose something',
      'concerns-others',
      { content: content({ removed: [{ caller: 'component:default/cart' }] }) },
      {},
    ],
    [
      'it confirms',
      'confirmation',
      {},
      { confirm: { provider: 'component:default/x' } },
    ],
  ])('does not where %s', (_, code, facts, draft) => {
    expect(outcome(facts, draft)).toEqual({
      rules: ['reads'],
      blocks: [expect.objectContaining({ code })],
    });
  });

  it('does where a workload is closed that nobody used, or the caller itself has less than before', () => {
    for (const facts of [
      { content: flip([]) },
      { content: content({ removed: [{ caller: CALLER }] }) },
    ])
      expect(outcome(facts)).toHaveProperty('rule', 'reads');
  });

  it('does not where a guardrail refuses it without an approver, or with the rule as its approver', () => {
    const asked: (readonly string[])[] = [];
    const result = outcome({
      refusedWith: approvedBy => {
        asked.push(approvedBy);
        return approvedBy.length === 0 ? [] : ['people-only'];
      },
    });
    expect(asked).toEqual([[], [`rule:reads@${COMMIT}`]]);
    expect(result).toEqual({
      rules: ['reads'],
      blocks: [{ code: 'others-needed', rules: ['people-only'] }],
    });
    expect(
      outcome({ refusedWith: by => (by.length < 1 ? ['eyes'] : []) }),
    ).toHaveProperty('blocks');
  });

  it('does by one that rests on nothing unconfirmed, whichever others hold', () => {
    const doubted = rule('same-system', ['caller-system']);
    expect(outcome({}, {}, [doubted])).toEqual({
      rules: ['same-system'],
      blocks: [{ code: 'caller-system' }],
    });
    expect(outcome({}, {}, [doubted, rule('reads')])).toMatchObject({
      rule: 'reads',
    });
  });

  it('has the version of where it stands', () => {
    const stale = snapshot({
      standIns: { approvals: { commit: 'b'.repeat(40) } },
    });
    expect(outcome({}, {}, [rule('reads')], stale)).toHaveProperty(
      'version',
      'b'.repeat(40),
    );
    expect(
      outcome({}, {}, [rule('reads', [], 'configuration')], stale),
    ).toHaveProperty('version', 'config-0123456789ab');
  });
});
