import { mockServices } from '@backstage/backend-test-utils';
import type { CatalogEntity } from '@callgate/policy';
import type { StoredRequest } from '../database/AccessStore';
import type { DecidersOf, Ownership } from '../ownership';
import { ChangeNotifier } from './ChangeNotifier';
import { NoticeWords } from './NoticeWords';

const REQUEST = {
  id: '01',
  number: 7,
  apiRef: 'api:default/orders',
  callerRef: 'component:default/checkout',
  draft: { operations: [{ id: 'getOrder' }], acknowledges: [] },
  needs: [{ kind: 'api-owner', api: 'api:default/orders', count: 1 }],
  requestedBy: 'user:default/priya',
  state: 'submitted',
} as unknown as StoredRequest;

const CATALOG = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: { name: 'orders', namespace: 'default', title: 'Orders API' },
    spec: {
      type: 'openapi',
      definition:
        "{ openapi: 3.1.0, paths: { '/orders/{id}': { get: { operationId: getOrder } } } }",
    },
  },
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name: 'omar', namespace: 'default' },
    spec: { profile: { displayName: 'Omar Haddad' } },
  },
] as unknown as CatalogEntity[];

const OWNERS: DecidersOf = {
  owners: ['group:default/orders-team'],
  people: ['user:default/omar'],
  fallback: false,
};

function start(catalog: () => Promise<CatalogEntity[]> = async () => CATALOG) {
  const send = jest.fn();
  const ownership = {
    within: () => ownership,
    deciders: async () => OWNERS,
    ownersOf: async () => ['group:default/checkout-team'],
  } as unknown as Ownership;
  const notifier = ChangeNotifier.create({
    notifications: { send },
    signals: { publish: jest.fn() },
    events: mockServices.events.mock(),
    logger: mockServices.logger.mock(),
    ownership,
    words: new NoticeWords({
      read: async () => ({ catalog: await catalog() }),
    }),
  });
  /** To whom, in the place of which one, and what. */
  const sent = () =>
    send.mock.calls.map(([{ recipients, payload }]) => ({
      to: recipients.entityRef,
      scope: payload.scope,
      title: payload.title,
      severity: payload.severity,
      link: payload.link,
    }));
  return { notifier, send, sent };
}

const DECIDERS = ['group:default/orders-team'];
const ASKERS = ['user:default/priya', 'group:default/checkout-team'];
const WHAT = 'GET /orders/{id} of Orders API';
const link = '/access/requests/01';

describe('ChangeNotifier', () => {
  it("does not leave one approver's note under the name of the next", async () => {
    const { notifier, send } = start();
    await notifier.approvedInPart(REQUEST, 'user:default/omar', 'For May only');
    await notifier.decided(REQUEST, 'approved', 'user:default/sam');
    const [first, second] = send.mock.calls
      .map(([{ payload }]) => payload)
      .filter(({ scope }) => scope === '01');
    expect(first).toMatchObject({ description: 'For May only', scope: '01' });
    // A description that is absent leaves that of the notification with the same scope as it was.
    expect(second).toMatchObject({ description: 'Request 7.', scope: '01' });
  });

  it('asks the deciders by title and operations as written, and not for whom', async () => {
    const { notifier, sent, send } = start();
    await notifier.submitted(REQUEST, [{ who: OWNERS }]);
    expect(sent()).toEqual([
      {
        to: DECIDERS,
        scope: '01:decide',
        title: `Somebody asks for ${WHAT}`,
        link,
      },
    ]);
    expect(send.mock.calls[0][0].recipients.excludeEntityRef).toEqual([
      'user:default/priya',
    ]);
    expect(JSON.stringify(send.mock.calls)).not.toMatch(/checkout/i);
  });

  it.each(['approved', 'rejected'] as const)(
    'takes it off the list of every decider when anybody has %s it, and tells those who asked and the owners of the caller',
    async decision => {
      const { notifier, sent } = start();
      await notifier.decided(REQUEST, decision, 'user:default/omar');
      const title = `Omar Haddad ${decision} ${WHAT}`;
      expect(sent()).toEqual([
        { to: ASKERS, scope: '01', title, link },
        { to: DECIDERS, scope: '01:decide', title, severity: 'low', link },
      ]);
    },
  );

  it.each([
    ['withdrawn', `Withdrawn: ${WHAT}`],
    ['superseded', `Nothing is left to decide: ${WHAT}`],
  ] as const)('takes one that is %s off the list', async (state, title) => {
    const { notifier, sent } = start();
    await notifier.withdrawn({ ...REQUEST, state });
    expect(sent()).toEqual([
      { to: DECIDERS, scope: '01:decide', title, severity: 'low', link },
    ]);
  });

  it.each<[string, (notifier: ChangeNotifier) => Promise<void>]>([
    [
      'approved',
      notifier => notifier.decided(REQUEST, 'approved', 'user:default/omar'),
    ],
    [
      'rejected',
      notifier => notifier.decided(REQUEST, 'rejected', 'user:default/omar'),
    ],
    [
      'approved in part',
      notifier => notifier.approvedInPart(REQUEST, 'user:default/omar'),
    ],
    [
      'gave back',
      notifier => notifier.changeWanted(REQUEST, 'user:default/omar', 'Less'),
    ],
    [
      'withdrew',
      notifier =>
        notifier.withdrawn(
          { ...REQUEST, state: 'withdrawn' },
          'user:default/omar',
        ),
    ],
    [
      'merged',
      notifier => notifier.progressed(REQUEST, 'merged', 'user:default/omar'),
    ],
    [
      'merged a change of a grant that',
      notifier =>
        notifier.grantChanged(
          REQUEST,
          ['user:default/priya', 'user:default/omar'],
          'has ended',
          'user:default/omar',
        ),
    ],
  ])(
    'tells nobody what they did themselves: whoever %s it, also as one of a group',
    async (_, act) => {
      const { notifier, send } = start();
      await act(notifier);
      expect(send).toHaveBeenCalled();
      for (const [{ recipients }] of send.mock.calls) {
        expect(recipients.excludeEntityRef).toContain('user:default/omar');
        expect(recipients.entityRef).not.toContain('user:default/omar');
      }
    },
  );

  it('takes whoever merged on a forge by the name they have there for nobody', async () => {
    const { notifier, send } = start();
    await notifier.progressed(REQUEST, 'merged', 'octocat');
    expect(send.mock.calls[0][0].recipients).not.toHaveProperty(
      'excludeEntityRef',
    );
  });

  it('asks the deciders again when what it means has changed', async () => {
    const { notifier, sent } = start();
    await notifier.progressed(REQUEST, 'meaning-changed');
    expect(sent()).toEqual([
      {
        to: ASKERS,
        scope: '01',
        title: `Has to be approved again: ${WHAT}`,
        link,
      },
      {
        to: DECIDERS,
        scope: '01:decide',
        title: `To be approved again: ${WHAT}`,
        link,
      },
    ]);
  });

  it('is told with plain names where the catalog cannot be read', async () => {
    const { notifier, sent } = start(async () => {
      throw new Error('down');
    });
    await notifier.progressed(REQUEST, 'merged');
    expect(sent()).toMatchObject([
      { to: ASKERS, title: 'Merged: getOrder of orders' },
    ]);
  });
});
