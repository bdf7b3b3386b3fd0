import { mockServices } from '@backstage/backend-test-utils';
import type {
  ApprovalEvaluator,
  ApprovalQuestion,
} from '@callgate/plugin-callgate-node';
import { ApprovalEvaluators } from './ApprovalEvaluators';

const QUESTION: ApprovalQuestion = {
  api: 'api:default/orders',
  caller: 'component:default/checkout',
  kind: 'new',
  writes: false,
  methods: ['GET'],
  operations: ['listOrders'],
  gaps: [],
  clusters: ['prod-eu'],
  environments: [],
  days: 0,
};
const evaluator = (
  name: string,
  evaluate: ApprovalEvaluator['evaluate'],
): ApprovalEvaluator => ({
  name,
  description: 'For a test',
  otherwise: [{ role: 'platform', count: 2 }],
  evaluate,
});
const OTHERWISE = [{ kind: 'platform', count: 2, because: ['it'] }];

function added(...evaluators: ApprovalEvaluator[]) {
  const all = new ApprovalEvaluators(50);
  const logger = mockServices.logger.mock();
  all.logTo(logger);
  all.addEvaluator(evaluators);
  return { ask: () => all.ask(QUESTION), logger };
}

describe('code that asks for approvals', () => {
  it('asks for roles of this API and caller, and for groups, once by default', async () => {
    const { ask } = added(
      evaluator('it', async () => [
        { role: 'api-owner' },
        { role: 'caller-owner', count: 2 },
        { group: 'Security' },
      ]),
    );
    expect(await ask()).toEqual([
      {
        name: 'it',
        failed: false,
        needs: [
          { kind: 'api-owner', api: QUESTION.api, count: 1, because: ['it'] },
          {
            kind: 'caller-owner',
            caller: QUESTION.caller,
            count: 2,
            because: ['it'],
          },
          {
            kind: 'group',
            group: 'group:default/security',
            count: 1,
            because: ['it'],
          },
        ],
      },
    ]);
  });

  it.each<[string, () => unknown]>([
    [
      'rejects',
      async () => {
        throw new Error('no');
      },
    ],
    [
      'throws at once',
      () => {
        throw new Error('no');
      },
    ],
    ['never answers', () => new Promise(() => {})],
    ['answers with nothing', async () => undefined],
    ['answers with no list', async () => ({ role: 'platform' })],
    ['knows a role that there is not', async () => [{ role: 'boss' }]],
    ['names a user', async () => [{ group: 'user:default/sam' }]],
    [
      'names a role and a group',
      async () => [{ role: 'platform', group: 'security' }],
    ],
    ['wants nobody', async () => [{ role: 'platform', count: 0 }]],
    ['wants half a person', async () => [{ role: 'platform', count: 1.5 }]],
    ['wants everybody', async () => [{ role: 'platform', count: 11 }]],
    ['answers with a hole', async () => [null]],
    [
      'answers with too much',
      async () => new Array(11).fill({ role: 'platform' }),
    ],
  ])(
    'one that %s asks for what it says, and the others are as they were',
    async (_, answer) => {
      const { ask, logger } = added(
        evaluator('it', answer as unknown as ApprovalEvaluator['evaluate']),
        evaluator('other', async () => []),
      );
      expect(await ask()).toEqual([
        { name: 'it', failed: true, needs: OTHERWISE },
        { name: 'other', failed: false, needs: [] },
      ]);
      expect(logger.warn).toHaveBeenCalledTimes(1);
    },
  );

  it('is told when nobody waits for its answer any more', async () => {
    let gone = false;
    const { ask } = added(
      evaluator('it', (_, { signal }) => {
        signal.addEventListener('abort', () => {
          gone = true;
        });
        return new Promise(() => {});
      }),
    );
    await ask();
    expect(gone).toBe(true);
  });

  it('cannot change what the others are asked', async () => {
    const seen: string[] = [];
    const { ask } = added(
      evaluator('it', async question => {
        (question as { api: string }).api = 'api:default/other';
        return [];
      }),
      evaluator('other', async ({ api }) => {
        seen.push(api);
        return [];
      }),
    );
    await ask();
    expect(seen).toEqual([QUESTION.api]);
  });

  it.each<[string, Partial<ApprovalEvaluator>, RegExp]>([
    ['no name', { name: 'No Name' }, /small letters/],
    ['a name that is taken', { name: 'other' }, /each name once/],
    ['nobody to ask otherwise', { otherwise: [] }, /otherwise must list/],
    [
      'a role otherwise that there is not',
      { otherwise: [{ role: 'boss' as 'platform' }] },
      /otherwise must list/,
    ],
  ])('is refused with %s', (_, change, message) => {
    expect(() =>
      added(
        evaluator('other', async () => []),
        { ...evaluator('it', async () => []), ...change },
      ),
    ).toThrow(message);
  });
});
