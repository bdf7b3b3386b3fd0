import type { EntityLabel } from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../../database/AccessStore';
import { changeSentence } from './changes';

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
