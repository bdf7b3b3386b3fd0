import { renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type { CascadeFlag } from '@callgate/plugin-callgate-common';
import { screen, within } from '@testing-library/react';
import { axe } from 'jest-axe';
import { grantRouteRef, requestRouteRef } from '../../routes';
import { FlagList } from './FlagList';

const API = 'api:default/orders';
const about = { api: API, grant: 'cart-lists' };

const FLAGS: CascadeFlag[] = [
  {
    kind: 'caller-gone',
    text: 'Cart seems to be Basket now: ask for the same access under that name.',
    next: {
      kind: 'new',
      ...about,
      caller: 'component:default/basket',
      operations: [{ id: 'listOrders' }],
      in: ['prod-eu'],
    },
  },
  {
    kind: 'operations-gone',
    text: 'The definition does not have getOrder any more: take it out of this grant.',
    next: { kind: 'change', ...about, operations: [{ id: 'listOrders' }] },
  },
  {
    kind: 'caller-moved',
    text: 'Cart belongs to Search team now.',
    next: { kind: 'end', ...about, request: 'r1' },
  },
  { kind: 'api-deprecated', text: 'Orders API is deprecated.' },
];

const ROUTES = {
  '/access/grants/:id': grantRouteRef,
  '/access/requests/:id': requestRouteRef,
  '/catalog/:namespace/:kind/:name': entityRouteRef,
};

describe('what went or changed', () => {
  it('leads from each to the request that is prepared, or asks already', async () => {
    const { container } = renderInTestApp(<FlagList flags={FLAGS} framed />, {
      mountedRoutes: ROUTES,
    });
    const list = await screen.findByRole('list', {
      name: 'What went or changed',
    });
    const items = within(list).getAllByRole('listitem');
    expect(items).toHaveLength(4);
    // Not by colour alone.
    for (const item of items)
      expect(
        within(item).getByRole('img', { name: 'To be looked at:' }),
      ).toBeInTheDocument();
    const hrefs = within(list)
      .getAllByRole('link')
      .map(link => [
        link.textContent,
        decodeURIComponent(link.getAttribute('href') ?? ''),
      ]);
    expect(hrefs).toEqual([
      [
        'Ask under the new name',
        '/catalog/default/api/orders/access?ask=request&api=api:default/orders&caller=component:default/basket&op=listOrders&in=prod-eu',
      ],
      [
        'Prepare the change',
        '/access/grants/cart-lists?of=api:default/orders&ask=change&api=api:default/orders&grant=cart-lists&op=listOrders',
      ],
      ['See the request', '/access/requests/r1'],
    ]);
    expect(await axe(container)).toHaveNoViolations();
  });

  it('is words alone in portals without those pages', async () => {
    renderInTestApp(<FlagList flags={FLAGS} />);
    expect(
      await screen.findByText('Orders API is deprecated.'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('link')).toBeNull();
  });
});
