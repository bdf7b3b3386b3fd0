import type { AccessRow } from '@callgate/plugin-callgate-common';
import { accessCase, labelOf } from './__testUtils__/accessCase';
import { Discretion } from './Discretion';
import { muteRow } from './unseen';

const ORDERS = 'api:default/orders';
const CART = 'component:default/cart';
const CHECKOUT = 'component:default/checkout';
const SALES = 'system:default/sales';
const STOCK = 'component:default/stock';

const whoAndHow = (rows: readonly AccessRow[]) =>
  rows.map(({ caller, compared }) => [caller.ref, compared]);

/** The AccessPolicy of the Orders API with these grants. */
const declaring = (...grants: string[]) => [
  {
    path: 'policies/default/orders.yaml',
    text: `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/shop-team
  api: api:default/orders
  mode: enforce
  grants: [${grants.join(', ')}]
`,
  },
];

const opened = ({ beyond }: AccessRow) =>
  beyond.flatMap(({ openedBy }) =>
    openedBy.map(({ kind, name }) => `${kind} ${name}`),
  );

describe('the page of an API', () => {
  it('lists whom a hand-written policy lets in on UDP, where the API is served', () => {
    const { callers, headline } =
      accessCase('udp-opened-by-hand').api('api:default/syslog');
    expect(whoAndHow(callers)).toEqual([
      [CART, 'none'],
      [CHECKOUT, 'granted'],
    ]);
    expect(callers[0].beyond).toMatchObject([{ everythingOn: 'UDP 514' }]);
    expect(headline.text).toBe(
      'Closed to everyone but 2 callers, 1 of them without a grant',
    );
  });

  it('lists nobody as a caller without a grant who was granted another API of the workload', () => {
    const { callers, headline } = accessCase('two-apis-on-one-workload').api(
      ORDERS,
    );
    expect(headline.text).toBe('Closed to everyone but 1 caller');
    expect(whoAndHow(callers)).toEqual([[CHECKOUT, 'granted']]);
  });

  it('offers a request for operations of the API alone', () => {
    const { callers } = accessCase('two-apis-on-one-workload').api(
      'api:default/orders-admin',
    );
    expect(whoAndHow(callers)).toEqual([
      [CART, 'granted'],
      [STOCK, 'none'],
    ]);
    expect(callers[1]).toMatchObject({
      beyond: [
        {
          operations: [
            { id: 'refund', method: 'POST', path: '/admin/refunds' },
          ],
        },
      ],
      mayRequest: true,
    });
  });

  it('counts who can call what is at addresses because nothing holds the grant, and says so on the grant', () => {
    const { callers, headline } = accessCase('callers-of-addresses').api(
      'api:default/sorting',
    );
    expect(headline).toMatchObject({
      state: 'unknown',
      callers: 3,
      ungranted: 1,
      moreThanGranted: 0,
    });
    const row = (name: string) =>
      callers.find(({ caller }) => caller.name === name)!;
    expect(row('label').grants).toMatchObject([
      {
        status: 'granted',
        because:
          'Nothing holds it: the caller may call everything outside, with this grant and without it.',
      },
    ]);
    expect(row('label').clusters).toMatchObject([{ cluster: 'prod' }]);
    expect(row('audit').beyond).toMatchObject([
      { everythingOn: 'TCP 9100', because: 'Nothing restricts it.' },
    ]);
    expect(row('picker').grants).toMatchObject([
      { status: 'granted', because: '' },
    ]);
  });

  it('says of a grant to a system, in the row of each member, through what the member has it', () => {
    const { callers } = accessCase('granted-to-a-system').api(
      'api:default/records',
    );
    expect(callers.map(({ caller, grants }) => [caller.name, grants])).toEqual([
      ['cart', [expect.objectContaining({ through: labelOf(SALES) })]],
      ['checkout', [expect.objectContaining({ through: labelOf(SALES) })]],
    ]);
    // A grant to the caller itself goes through nothing.
    const own = accessCase('udp-opened-by-hand').api('api:default/syslog');
    expect(own.callers[1].grants[0]).not.toHaveProperty('through');
  });

  it('offers no request that can only be refused, and says what has to be done first', () => {
    const { callers } = accessCase('caller-on-host-network').api(
      'api:default/records',
    );
    expect(
      callers.map(({ caller, mayRequest, cannotBeGranted }) => [
        ...[caller.name, mayRequest, cannotBeGranted],
      ]),
    ).toEqual([
      [
        'cache',
        false,
        'A caller runs on the host network: no policy can select it. Move the workload off the host network.',
      ],
      ['cart', true, undefined],
    ]);
  });

  it('takes a hand-written file for hand-written, whatever it is called', () => {
    const { callers } = accessCase('hand-written-named-callgate').api(ORDERS);
    const cart = callers.find(({ caller }) => caller.ref === CART)!;
    expect(opened(cart)).toEqual([
      'NetworkPolicy callgate-extra',
      'AuthorizationPolicy callgate-extra',
    ]);
    expect(cart.grants).toEqual([]);
    expect(cart.beyond.map(({ because }) => because)).toEqual([
      'NetworkPolicy callgate-extra lets it in by labels of its pods, AuthorizationPolicy callgate-extra lets it in by its service account.',
    ]);
  });

  it('shows the objects of an API outside the namespace default', () => {
    const { callers } = accessCase('api-of-another-namespace').api(
      'api:retail/orders',
    );
    const kinds = callers[0].clusters[0].objects?.map(({ kind }) => kind);
    expect(kinds?.sort()).toEqual([
      'AuthorizationPolicy',
      'NetworkPolicy',
      'PeerAuthentication',
    ]);
  });

  it('has one row for a caller with several grants: an error, and what refuses one of them, stands on that grant alone', () => {
    const { callers } = accessCase('error-on-its-own-grant').api(ORDERS);
    expect(whoAndHow(callers)).toEqual([[CHECKOUT, 'granted']]);
    const [{ grants }] = callers;
    expect(grants.map(({ id, api, status }) => [id, api, status])).toEqual([
      ['reads', ORDERS, 'granted'],
      ['creates', ORDERS, 'declared-not-effective'],
      ['drops', ORDERS, 'declared-not-effective'],
    ]);
    const [reads, creates, drops] = grants;
    expect([reads.because, reads.refusedBy]).toEqual(['', []]);
    expect(creates.because).toBe(
      'Declared, but AuthorizationPolicy shop/freeze refuses TCP 8080: POST /orders.',
    );
    expect(creates.refusedBy).toMatchObject([
      { kind: 'AuthorizationPolicy', name: 'freeze', generated: false },
    ]);
    expect(drops.because).toContain('dropOrders');
    expect(drops.refusedBy).toEqual([]);
  });

  it('says of callers who may be able to call that they may, and does not call it closed', () => {
    const { callers, headline } = accessCase('maybe-by-token').api(ORDERS);
    expect(headline).toMatchObject({
      state: 'conditional',
      callers: 1,
      perhaps: 1,
      text: 'Closed to everyone but 1 caller; 1 more may be able to call',
    });
    expect(callers[0]).toMatchObject({
      caller: { ref: CART },
      compared: 'none',
      certainty: 'conditional',
      beyond: [{ surely: false, everythingOn: 'TCP 8080' }],
    });
  });

  it('says what is left out of everything, and not everything', () => {
    const { callers } = accessCase('any-path-but-one').api(ORDERS);
    expect(callers[0].caller.ref).toBe(CART);
    const [{ operations, others, everythingOn }] = callers[0].beyond;
    expect(operations.map(({ id }) => id)).toEqual(['listOrders', 'getOrder']);
    expect(everythingOn).toBeUndefined();
    expect(others).toHaveLength(1);
    expect(others[0]).toMatchObject({
      methods: ['GET'],
      notPaths: expect.arrayContaining(['/internal']),
    });
  });

  it('does not say that nothing is enforced beside a sound grant, nor that a first one would close it', () => {
    const { headline } = accessCase('everyone-by-hand').api(ORDERS);
    expect(headline).toMatchObject({
      state: 'open',
      text: 'Open to everyone, although there is a grant',
      firstGrantCloses: false,
    });
  });

  it('says everyone only where the doors are open, not where most of those who are there can call', () => {
    const { headline, callers } = accessCase('three-of-four').api(ORDERS);
    expect(headline).toMatchObject({ state: 'closed', ungranted: 3 });
    expect(callers).toHaveLength(3);
    const { headline: open } = accessCase('everyone').api(ORDERS);
    expect(open).toMatchObject({ state: 'open' });
  });

  it('does not promise that the first grant closes an API that has one with an error', () => {
    const { headline, callers } = accessCase(
      'everyone',
      declaring(
        '{ id: drops, caller: component:default/checkout, operations: [{ id: dropOrders }] }',
      ),
    ).api(ORDERS);
    expect(headline).toMatchObject({
      state: 'open',
      text: 'Open to everyone: its only grant has an error, so nothing is enforced',
    });
    expect(callers).toMatchObject([
      {
        caller: { ref: CHECKOUT },
        compared: 'more',
        grants: [{ because: expect.stringContaining('dropOrders') }],
        beyond: [{ because: 'Nothing restricts it.' }],
      },
    ]);
  });

  it('names the entity that an API was granted to itself', () => {
    const { callers } = accessCase(
      'everyone',
      declaring(
        '{ id: replicates, caller: self, operations: [{ id: listOrders }] }',
      ),
    ).api(ORDERS);
    expect(callers.map(({ caller }) => caller.ref)).toEqual([
      CHECKOUT,
      'component:default/orders',
    ]);
  });

  it('does not count the waypoint before an API as a caller', () => {
    const { callers } = accessCase('waypoint-is-no-caller').api(ORDERS);
    expect(whoAndHow(callers)).toEqual([[CHECKOUT, 'granted']]);
  });

  it('says of a caller that it can do more than its grant, and not that all layers hold', () => {
    const { callers, headline } = accessCase('more-than-granted').api(ORDERS);
    expect(headline).toMatchObject({
      callers: 1,
      ungranted: 0,
      moreThanGranted: 1,
    });
    expect(callers).toHaveLength(1);
    expect(callers[0]).toMatchObject({
      compared: 'more',
      grants: [{ status: 'granted', operations: [{ id: 'listOrders' }] }],
      clusters: [
        {
          layers: { kernel: 'enforced', identity: 'enforced', method: 'open' },
        },
      ],
      beyond: [
        {
          everythingOn: 'TCP 8080',
          because:
            'AuthorizationPolicy allow-checkout lets it in by its service account.',
          openedBy: [{ kind: 'AuthorizationPolicy', name: 'allow-checkout' }],
        },
      ],
    });
  });

  it('lists addresses outside that a hand-written policy lets in', () => {
    const { callers } = accessCase('addresses-and-scrapers').api(ORDERS);
    expect(whoAndHow(callers)).toEqual([
      ['cidr:203.0.113.0/24', 'none'],
      [CHECKOUT, 'granted'],
    ]);
  });
});

describe('rows for a reader from whom somebody is hidden', () => {
  it('keep what a hidden caller can do beyond its grant to themselves', () => {
    const shop = accessCase('more-than-granted');
    const [edge] = shop.api(ORDERS).callers;
    const hidden = Discretion.of(shop.facts, [CHECKOUT]);
    const muted = muteRow(
      {
        ...edge,
        caller: { ...edge.caller, ref: '', name: '', state: 'hidden' },
      },
      hidden,
    );
    expect(muted.beyond).toEqual([]);
    expect(JSON.stringify(muted)).not.toContain('checkout');
  });

  it('do not name an object by which somebody hidden is known', () => {
    const shop = accessCase('more-than-granted');
    const [edge] = shop.api(ORDERS, [CHECKOUT]).callers;
    expect(edge.beyond.map(({ because }) => because)).toEqual([
      'An AuthorizationPolicy opens it.',
    ]);
  });
});

describe('the page of a caller', () => {
  it('keeps the grant of somebody hidden who runs as the same workload to themselves', () => {
    const shop = accessCase('two-entities-on-one-workload');
    const everything = shop.caller(CHECKOUT).calls;
    expect(everything).toMatchObject([{ grants: [{ id: 'courier-reads' }] }]);
    const { calls } = shop.caller(CHECKOUT, ['component:default/courier']);
    expect(calls).toMatchObject([
      { caller: { state: 'hidden' }, grants: [{ id: '', because: '' }] },
    ]);
    expect(JSON.stringify(calls)).not.toContain('courier');
  });

  it('lists what it can call without a grant, as the page of the API does', () => {
    const shop = accessCase('udp-opened-by-hand');
    const [ofApi] = shop.api('api:default/syslog').callers;
    const { calls } = shop.caller(CART);
    expect(calls).toEqual([ofApi]);
    expect(calls).toMatchObject([
      { compared: 'none', beyond: [{ everythingOn: 'UDP 514' }] },
    ]);
  });

  it('says that it can do more than it was granted', () => {
    const shop = accessCase('more-than-granted');
    const { calls } = shop.caller(CHECKOUT);
    expect(calls).toEqual(shop.api(ORDERS).callers);
    expect(calls).toMatchObject([{ beyond: [{ everythingOn: 'TCP 8080' }] }]);
  });
});

describe('the page of a caller that was granted nothing', () => {
  it('lists what everyone can call, so that it can too, and offers to ask for it', () => {
    const { calls, openToEveryone } = accessCase(
      'operation-id-like-a-port',
      [],
    ).caller(CART);
    expect(calls).toEqual([]);
    expect(openToEveryone).toMatchObject([
      {
        api: { ref: ORDERS },
        compared: 'none',
        grants: [],
        mayRequest: true,
        beyond: [
          { everythingOn: 'TCP 8080', because: 'Nothing restricts it.' },
        ],
      },
    ]);
  });

  it('says which policies of others may decide otherwise', () => {
    const { others } = accessCase('policy-of-others').caller(CHECKOUT);
    expect(others).toMatchObject([
      { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'somebody' },
    ]);
  });
});
