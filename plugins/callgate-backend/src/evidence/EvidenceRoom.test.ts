import type { AccessPolicy } from '@callgate/policy';
import type { AccessViews } from '../access/AccessViews';
import type { ServiceParts } from '../access/ServiceParts';
import type { LabelOf } from '../access/views/Labels';
import { EvidenceRoom } from './EvidenceRoom';

const COUNT = 10_000;
const NOW = Date.parse('2027-03-01T00:00:00Z');

/** One declaration with very many grants, every tenth one to a caller that is hidden. */
const policy = {
  metadata: { name: 'orders' },
  spec: {
    api: 'api:default/orders',
    grants: Array.from({ length: COUNT }, (_, at) => ({
      id: `grant-${at}`,
      caller: `component:default/${at % 10 === 0 ? 'hidden' : 'seen'}-${at}`,
      operations: [{ id: 'listOrders' }],
      request: `request-${at}`,
    })),
  },
} as unknown as AccessPolicy;

it('looks a hundred grants up at a time, and no more before those were taken', async () => {
  const asked: number[] = [];
  const labelOf: LabelOf = ref => ({
    ref,
    kind: 'component',
    namespace: 'default',
    name: ref,
    state: ref.includes('/hidden-') ? 'hidden' : 'visible',
  });
  const parts = {
    now: () => NOW,
    desk: {
      declaredAt: async () => ({
        id: 'a'.repeat(40),
        at: '2027-02-01T00:00:00.000Z',
        policies: [{ file: 'orders.yaml', text: '', policy, findings: [] }],
      }),
    },
    labels: {
      label: async (_: unknown, build: (of: LabelOf) => unknown) =>
        build(labelOf),
    },
    requests: {
      listRequests: async ({ ids }: { ids: string[] }) => {
        asked.push(ids.length);
        return { items: [], total: 0 };
      },
      transitionsOf: async () => new Map(),
      approvals: async () => [],
    },
    reviews: { ofApi: async () => [] },
  } as unknown as ServiceParts;
  const access = {
    facts: async () => ({ snapshot: { effectiveClusters: [] } }),
    discretion: async () => ({}),
    hiddenOf: async (refs: string[]) =>
      refs.filter(ref => labelOf(ref).state === 'hidden'),
    proposalsOf: async () => new Map(),
  } as unknown as AccessViews;
  const { rows, end } = await new EvidenceRoom(parts, access).take(
    'grants',
    undefined,
    { credentials: {} as never },
  );
  expect(asked).toEqual([]);
  let read = 0;
  for await (const row of rows) {
    read += 1;
    expect(row.caller).toMatch(/seen/);
    // Of a hundred ninety are seen.
    expect(asked).toHaveLength(Math.ceil(read / 90));
  }
  expect(new Set(asked)).toEqual(new Set([90]));
  expect(end()).toEqual({ rows: 9_000, leftOut: 1_000, unreadable: 0 });
});
