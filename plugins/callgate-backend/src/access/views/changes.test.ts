import type { EntityLabel } from '@callgate/plugin-callgate-common';
import type { EdgeSummary } from '@callgate/policy';
import type { StoredRequest } from '../../database/AccessStore';
import {
  changedOperations,
  type ChangedOperations,
  changeSentence,
} from './changes';
import { contractOf } from './operations';

const ORDERS = label('api', 'Orders');
const CHECKOUT = label('component', 'Checkout');

function label(kind: string, title: string): EntityLabel {
  const name = title.toLowerCase();
  return {
    ref: `${kind}:default/${name}`,
    kind,
    namespace: 'default',
    name,
    title,
    state: 'visible',
  };
}

type Change = NonNullable<StoredRequest['draft']['change']>;

function said(
  change: Pick<Change, 'kind' | 'side'> & Partial<Change>,
  until?: string,
  changed: ChangedOperations = {},
): string {
  return changeSentence(
    {
      draft: {
        change: { grant: 'checkout-lists', ...change },
        ...(until !== undefined && { until }),
      } as StoredRequest['draft'],
    },
    ORDERS,
    CHECKOUT,
    'GET /orders',
    changed,
  );
}

describe('what a request about a grant asks', () => {
  it('says for the caller’s side what it gives up or wants to keep', () => {
    expect(said({ kind: 'end', side: 'caller' })).toBe(
      'Checkout asks to end its access to Orders: GET /orders',
    );
    expect(said({ kind: 'renew', side: 'caller' }, '2027-03-01')).toBe(
      'Checkout asks to keep GET /orders of Orders until 1 March 2027',
    );
    expect(said({ kind: 'change', side: 'caller' })).toBe(
      'Checkout asks to change its access to Orders to GET /orders',
    );
    expect(said({ kind: 'change', side: 'caller' }, '2027-03-01')).toBe(
      'Checkout asks to change its access to Orders to GET /orders until 1 March 2027',
    );
    expect(said({ kind: 'change', side: 'caller' }, '')).toBe(
      'Checkout asks to change its access to Orders to GET /orders without a last day',
    );
  });

  it('says what a change adds and takes away, by its meaning', () => {
    const of = (changed: ChangedOperations, until?: string) =>
      said({ kind: 'change', side: 'caller' }, until, changed);
    expect(of({ less: 'GET /orders' })).toBe(
      'Checkout asks to cut back its access to Orders: no more GET /orders',
    );
    expect(of({ more: 'POST /orders' })).toBe(
      'Checkout asks to widen its access to Orders: also POST /orders',
    );
    expect(
      of({ more: 'POST /orders', less: 'GET /orders' }, '2027-03-01'),
    ).toBe(
      'Checkout asks to change its access to Orders: also POST /orders, no more GET /orders, until 1 March 2027',
    );
    expect(
      said({ kind: 'change', side: 'api' }, undefined, { less: 'GET /orders' }),
    ).toBe(
      'The owners of Orders ask to cut back the access of Checkout: no more GET /orders',
    );
    expect(
      said({ kind: 'change', side: 'security' }, undefined, {
        less: 'GET /orders',
      }),
    ).toBe(
      'The security team asks to cut back the access of Checkout to Orders: no more GET /orders',
    );
  });

  it('finds them among the edges of the grant alone, with the cluster where it is not all of them', () => {
    const edge = (
      grant: string,
      id: string,
      clusters: string[],
      more: Partial<EdgeSummary> = {},
    ): EdgeSummary => ({
      caller: 'component:default/checkout',
      api: 'api:default/orders',
      grantIds: [grant],
      operations: [id],
      text: '',
      clusters: clusters.map(cluster => ({ cluster } as never)),
      ...more,
    });
    const found = (
      meaning: { gained?: EdgeSummary[]; lost?: EdgeSummary[] },
      clusters: string[],
    ) =>
      changedOperations(
        { gained: [], lost: [], ...meaning },
        { grant: 'g', in: clusters },
        contractOf(undefined, 'api:default/orders'),
      );
    const both = ['prod', 'staging'];
    expect(
      found(
        {
          gained: [
            edge('g', 'POST /orders', both),
            edge('other', 'PUT /a', both),
          ],
          lost: [edge('other', 'GET /a', both)],
        },
        both,
      ),
    ).toEqual({ more: 'POST /orders' });
    // The same operations in one more cluster, or in one less.
    expect(
      found({ gained: [edge('g', 'GET /orders', ['staging'])] }, both),
    ).toEqual({ more: 'GET /orders in staging' });
    expect(
      found({ lost: [edge('g', 'GET /orders', ['staging'])] }, ['prod']),
    ).toEqual({ less: 'GET /orders in staging' });
    expect(
      found(
        { gained: [edge('g', '', ['prod'], { everythingOn: 'TCP 8080' })] },
        ['prod'],
      ),
    ).toEqual({ more: 'everything on TCP 8080' });
  });

  it('does not put words of others into the caller’s mouth', () => {
    expect(said({ kind: 'end', side: 'api' })).toBe(
      'The owners of Orders ask to end the access of Checkout: GET /orders',
    );
    expect(said({ kind: 'end', side: 'security' })).toBe(
      'The security team asks to end the access of Checkout to Orders: GET /orders',
    );
    expect(said({ kind: 'renew', side: 'api' }, '2027-03-01')).toBe(
      'The owners of Orders ask that Checkout keeps GET /orders until 1 March 2027',
    );
    expect(said({ kind: 'change', side: 'api' })).toBe(
      'The owners of Orders ask to change the access of Checkout to GET /orders',
    );
  });

  it('says of an end that nobody asked for that its time is up', () => {
    expect(said({ kind: 'end', side: 'api', expired: '2027-03-01' })).toBe(
      'The access of Checkout to Orders was until 1 March 2027 and is to end: GET /orders',
    );
  });
});
