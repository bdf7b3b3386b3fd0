import type {
  EntityLabel,
  Finding,
  MeaningFlip,
  Preview,
} from '@callgate/plugin-callgate-common';
import { describePreview } from './describePreview';

const label = (name: string, title?: string): EntityLabel => ({
  ref: `component:default/${name}`,
  kind: 'component',
  namespace: 'default',
  name,
  ...(title && { title }),
  state: 'visible',
});
const HIDDEN: EntityLabel = {
  ref: '',
  kind: '',
  namespace: '',
  name: '',
  state: 'hidden',
};

const flip = (cluster: string, rest: Partial<MeaningFlip>): MeaningFlip => ({
  cluster,
  workload: 'shop/Deployment/orders',
  layer: 'kernel',
  cut: [],
  cutWorkloads: [],
  ...rest,
});

function preview(
  flips: MeaningFlip[],
  rest: Partial<Preview> = {},
  api: EntityLabel = label('orders', 'Orders'),
): Preview {
  return {
    digest: 'sha256:1',
    meaning: {
      gained: [
        { caller: label('checkout'), api, operations: [], clusters: [] },
      ],
      lost: [],
      restored: [],
      unchanged: 0,
      flips,
      others: [],
      plumbing: ['Probes of the kubelet stay open'],
      layersByCluster: [],
      findings: [],
      text: 'Opens Checkout → GET /orders of Orders.',
    },
    files: [],
    findings: [],
    deciders: { labels: [], people: 1, fallback: false, text: 'Omar' },
    needs: [],
    send: { allowed: true },
    acknowledgeable: [],
    ...rest,
  };
}

it('tells once for each cluster whom it cuts, however many layers close', () => {
  const cut = [label('web', 'Web shop')];
  const { means } = describePreview(
    preview([
      flip('prod', { cut, cutWorkloads: ['ops/Job/report'] }),
      flip('prod', { layer: 'identity', cut, cutAddresses: true }),
      flip('staging', {}),
    ]),
  );
  expect(means).toEqual([
    'Opens Checkout → GET /orders of Orders.',
    'In prod it closes Orders to everyone without a grant. Cut, allowed today without a grant: Web shop, ops/Job/report, addresses outside the cluster.',
    'In staging it closes Orders to everyone without a grant. Nobody who can call it today is cut.',
    'Probes of the kubelet stay open.',
  ]);
});

it('counts whom the reader may not see, and never says that nobody is cut', () => {
  const { means } = describePreview(
    preview([
      flip('prod', { cut: [HIDDEN, HIDDEN, label('web')], cutUnseen: 3 }),
      flip('prod', { layer: 'identity', cut: [HIDDEN, HIDDEN], cutUnseen: 3 }),
    ]),
  );
  expect(means[1]).toBe(
    'In prod it closes Orders to everyone without a grant. Cut, allowed today without a grant: web, 5 that you may not see.',
  );
});

it('names the workload where the reader may not see the API', () => {
  const { means } = describePreview(preview([flip('prod', {})], {}, HIDDEN));
  expect(means[1]).toMatch(/^In prod it closes shop\/Deployment\/orders to/);
});

const FINDING: Finding = {
  code: 'x',
  severity: 'error',
  title: 'T',
  message: 'Nothing enforces methods',
  fix: 'Accept the gap',
  objects: [],
};

it('says what to do about what stands in the way', () => {
  expect(
    describePreview(
      preview([], {
        send: { allowed: false, reason: FINDING.message },
        findings: [{ ...FINDING, message: 'Something else' }, FINDING],
      }),
    ).whyNot,
  ).toBe('Nothing enforces methods. Accept the gap.');
});

it('says why it cannot be sent, and what to do about what was found', () => {
  const words = describePreview(
    preview([], {
      send: { allowed: false, reason: 'You own neither.' },
      findings: [FINDING],
    }),
  );
  expect(words).toMatchObject({
    canBeSent: false,
    whyNot: 'You own neither.',
    findings: ['Nothing enforces methods. Accept the gap.'],
    decidedBy: 'Omar',
  });
});

it('says that a rule decides where nobody has to', () => {
  const text = 'Approved by the rule reads: nobody has to approve it.';
  const asks = { approves: true, rules: ['reads'], text };
  expect(describePreview(preview([], { automatic: asks })).decidedBy).toBe(
    text,
  );
  // A rule that is about it and approves nothing leaves it to people.
  expect(
    describePreview(preview([], { automatic: { ...asks, approves: false } }))
      .decidedBy,
  ).toBe('Omar');
});
