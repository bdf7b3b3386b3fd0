import { renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import {
  callgateApiRef,
  CallgateApi,
  CallgateError,
  ProposalQuery,
  RequestQuery,
} from '../../api';
import {
  claimsRouteRef,
  proposalRouteRef,
  proposalsRouteRef,
  requestRouteRef,
} from '../../routes';
import { useLocation } from '../../routing';
import {
  fakeCallgate,
  label,
  POST_ORDERS,
  proposal,
  summary,
} from '../RequestPage/__testUtils__/samples';
import { InboxPage } from './InboxPage';

const CART = summary({
  id: 'r2',
  caller: label('component:default/cart', 'Cart'),
  operations: [POST_ORDERS],
  summary: 'Cart asks to POST /orders of Orders API',
  risk: { writes: true, flips: true, findings: 2, everything: false },
});
const PAYMENTS = summary({
  id: 'r3',
  api: label('api:default/payments', 'Payments API'),
  summary: 'Checkout asks to GET /orders of Payments API',
});

function Where() {
  const { pathname, search } = useLocation();
  return <p>at {`${pathname}${search}`}</p>;
}

function open(answers: Partial<CallgateApi>, path = '/access/requests') {
  return renderInTestApp(
    <>
      <InboxPage />
      <Where />
    </>,
    {
      apis: [
        [
          catalogApiRef,
          catalogApiMock({
            entities: [
              {
                apiVersion: 'backstage.io/v1alpha1',
                kind: 'System',
                metadata: { name: 'storefront', title: 'Storefront' },
              },
            ],
          }),
        ],
        [
          callgateApiRef,
          fakeCallgate({
            listProposals: async () => ({ items: [], total: 0 }),
            ...answers,
          }),
        ],
      ],
      mountedRoutes: {
        '/access/requests/:id': requestRouteRef,
        '/access/proposals': proposalsRouteRef,
        '/access/proposals/:id': proposalRouteRef,
        '/access/claims': claimsRouteRef,
      },
      initialRouteEntries: [path],
    },
  );
}

const lists = (items: ReturnType<typeof summary>[]) => ({
  listRequests: jest.fn(async (_query: RequestQuery) => ({
    items,
    total: items.length,
  })),
});

describe('InboxPage', () => {
  describe('for the platform team', () => {
    const PULL = proposal({ id: 'p7', number: 7, title: 'Cart may read' });
    const listProposals = (total: number, contestedClaims?: number) =>
      jest.fn(async (_query: ProposalQuery) => ({
        items: total > 0 ? [PULL] : [],
        total,
        ...(contestedClaims !== undefined && { contestedClaims }),
      }));

    it('shows the pull requests that wait for its merge beside the requests, and counts both', async () => {
      const proposals = listProposals(1);
      open({ ...lists([summary()]), listProposals: proposals });
      const pulls = within(
        await screen.findByRole('region', { name: /^Pull requests to merge/ }),
      );
      expect(
        pulls.getByRole('link', { name: 'Cart may read #7' }),
      ).toHaveAttribute('href', '/access/proposals/p7');
      expect(
        await screen.findByRole('tab', { name: 'Waits for me (2)' }),
      ).toBeInTheDocument();
      expect(proposals.mock.calls[0][0]).toMatchObject({ waiting: true });
    });

    it('does not say that nothing waits where a pull request does', async () => {
      open({ ...lists([]), listProposals: listProposals(1) });
      expect(
        await screen.findByRole('link', { name: 'Cart may read #7' }),
      ).toBeInTheDocument();
      expect(
        screen.queryByText('Nothing waits for you.'),
      ).not.toBeInTheDocument();
    });

    it('leads to all of them where there are more than the list shows', async () => {
      open({ ...lists([]), listProposals: listProposals(40) });
      expect(
        await screen.findByRole('link', { name: 'All pull requests' }),
      ).toHaveAttribute('href', '/access/proposals');
      expect(
        screen.getByRole('tab', { name: 'Waits for me (40)' }),
      ).toBeInTheDocument();
    });

    it('names contested workloads, and leads to them', async () => {
      open({ ...lists([]), listProposals: listProposals(0, 3) });
      expect(
        await screen.findByRole('link', { name: /3 workloads/ }),
      ).toHaveAttribute('href', '/access/claims');
      expect(
        screen.getByRole('tab', { name: 'Waits for me (3)' }),
      ).toBeInTheDocument();
    });

    it('says that pull requests could not be read, and shows the requests all the same', async () => {
      open({
        ...lists([summary()]),
        listProposals: async () => {
          throw new CallgateError({
            name: 'ServiceUnavailableError',
            message: 'The forge rests.',
            status: 503,
          });
        },
      });
      expect(await screen.findByRole('alert')).toHaveTextContent(
        'Pull requests could not be read. The forge rests.',
      );
      expect(
        screen.getByRole('list', { name: 'Orders API' }),
      ).toBeInTheDocument();
    });
  });

  it('names a confirm request as a sentence that leads to it', async () => {
    const sentence =
      'Cart → POST /orders of Orders API now stands for 2 more workloads';
    open(lists([summary({ kind: 'confirm', summary: sentence })]));
    const link = await screen.findByRole('link', { name: sentence });
    expect(link).toHaveAttribute('href', '/access/requests/r1');
    expect(link.parentElement).toHaveTextContent(`Confirm: ${sentence}`);
    expect(screen.queryByText(/asks to/)).not.toBeInTheDocument();
  });

  it('says that it loads until the answer is there', async () => {
    open({ listRequests: () => new Promise(() => {}) });
    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
  });

  it('shows what waits for the reader, by API, with what makes it risky', async () => {
    const { container } = open(lists([CART, summary(), PAYMENTS]));
    const orders = within(
      await screen.findByRole('list', { name: 'Orders API' }),
    );
    const cart = orders.getByRole('link', { name: CART.summary });
    expect(cart).toHaveAttribute('href', '/access/requests/r2');
    expect(orders.getByText('cuts callers')).toBeInTheDocument();
    expect(orders.getByText('writes')).toBeInTheDocument();
    expect(orders.getByText('2 findings')).toBeInTheDocument();
    expect(orders.getByText('read only')).toBeInTheDocument();
    expect(
      screen.getByRole('list', { name: 'Payments API' }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('tab', { name: 'Waits for me (3)' }),
    ).toHaveAttribute('aria-selected', 'true');
    expect(await axe(container)).toHaveNoViolations();
  });

  it('moves with j and k, stops at both ends, and opens with Enter', async () => {
    open(lists([CART, summary(), PAYMENTS]));
    await screen.findByRole('link', { name: CART.summary });
    await userEvent.keyboard('j');
    expect(screen.getByRole('link', { name: CART.summary })).toHaveFocus();
    await userEvent.keyboard('jjjj');
    expect(screen.getByRole('link', { name: PAYMENTS.summary })).toHaveFocus();
    await userEvent.keyboard('k');
    expect(screen.getByRole('link', { name: summary().summary })).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    expect(
      await screen.findByText('at /access/requests/r1'),
    ).toBeInTheDocument();
  });

  it('keeps the tab in the URL and asks for what the URL says', async () => {
    const answers = lists([
      summary({ state: 'proposed', waitsFor: 'Waits for the platform team' }),
    ]);
    open(
      answers,
      '/access/requests?tab=all&api=api:default/orders&state=proposed',
    );
    expect(
      await screen.findByText('Waits for the platform team'),
    ).toBeInTheDocument();
    expect(answers.listRequests).toHaveBeenCalledWith(
      expect.objectContaining({
        tab: 'all',
        api: 'api:default/orders',
        state: ['proposed'],
      }),
      expect.anything(),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
    await userEvent.click(screen.getByRole('tab', { name: 'Mine' }));
    expect(
      screen.getByText('at /access/requests?tab=mine'),
    ).toBeInTheDocument();
  });

  it('searches, narrows and sorts, and all of it stands in the URL', async () => {
    const answers = lists([summary()]);
    open(answers, '/access/requests?tab=all');
    await screen.findByRole('link', { name: summary().summary });
    const filters = within(
      screen.getByRole('search', {
        name: 'Which of them, and in which order',
      }),
    );
    await userEvent.type(
      filters.getByRole('searchbox', { name: 'Search' }),
      'order status',
    );
    const choose = async (name: string, option: string) => {
      await userEvent.click(
        await filters.findByRole('button', { name: new RegExp(`^${name}`) }),
      );
      await userEvent.click(
        await screen.findByRole('option', { name: option }),
      );
    };
    await choose('State', 'Merged');
    await choose('Caller’s system', 'Storefront');
    await choose('Kind', 'To be confirmed');
    await choose('Order', 'Oldest');
    const asked = {
      tab: 'all',
      q: 'order status',
      state: ['merged'],
      system: 'system:default/storefront',
      kind: ['confirm'],
      sort: 'createdAt',
    };
    await waitFor(() =>
      expect(answers.listRequests).toHaveBeenLastCalledWith(
        expect.objectContaining(asked),
        expect.anything(),
      ),
    );
    const search = new URLSearchParams(
      screen.getByText(/^at /).textContent!.split('?')[1],
    );
    expect(Object.fromEntries(search)).toEqual({
      ...asked,
      state: 'merged',
      kind: 'confirm',
    });
  });

  it('says that none is like this, and leads back to all', async () => {
    const listRequests = jest.fn(async ({ q, limit }: RequestQuery) =>
      q && limit !== 1
        ? { items: [], total: 0 }
        : { items: [summary()], total: 1 },
    );
    open({ listRequests }, '/access/requests?q=nobody');
    expect(
      await screen.findByText('None of them is like this.'),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
    expect(
      await screen.findByRole('link', { name: summary().summary }),
    ).toBeInTheDocument();
    expect(screen.getByRole('searchbox', { name: 'Search' })).toHaveValue('');
  });

  it('says of each what it is for in a line, that it has changed since it was sent, and that somebody objects', async () => {
    open(
      lists([
        summary({ reasonLine: 'Status on the confirmation page' }),
        summary({ id: 'r4', meaningChanged: true, summary: 'changed' }),
        summary({
          id: 'r5',
          summary: 'objected',
          state: 'proposed',
          proposal: { id: 'p1', state: 'open', changesRequested: true },
        }),
      ]),
      '/access/requests?tab=all',
    );
    const rowOf = (name: string) =>
      within(screen.getByRole('link', { name }).closest('li')!);
    await screen.findByRole('link', { name: 'changed' });
    expect(
      rowOf(summary().summary).getByText('Status on the confirmation page'),
    ).toBeInTheDocument();
    expect(
      rowOf('changed').getByText('changed since it was sent'),
    ).toBeInTheDocument();
    expect(
      rowOf('objected').getByText('changes requested'),
    ).toBeInTheDocument();
    expect(
      rowOf(summary().summary).queryByText('changed since it was sent'),
    ).not.toBeInTheDocument();
  });

  it('says what the order goes by, but only where the marks say something newer', async () => {
    const order =
      /^The order goes by what each request opened when it was sent/;
    const changed = lists([
      summary({ summary: 'one', meaningChanged: true }),
      summary({ id: 'r4', summary: 'two', meaningChanged: false }),
    ]);
    open(changed, '/access/requests?tab=all&sort=risk');
    expect(await screen.findByText(order)).toBeVisible();
    cleanup();
    open(changed, '/access/requests?tab=all&sort=createdAt');
    await screen.findByRole('link', { name: 'one' });
    expect(screen.queryByText(order)).toBeNull();
    cleanup();
    open(
      lists([summary({ summary: 'one', meaningChanged: false })]),
      '/access/requests?tab=all&sort=risk',
    );
    await screen.findByRole('link', { name: 'one' });
    expect(screen.queryByText(order)).toBeNull();
  });

  it('draws one page of 500 requests, and more when it is asked to', async () => {
    const all = Array.from({ length: 500 }, (_, at) =>
      summary({ id: `r${at}`, summary: `request ${at}`, in: [`c${at}`] }),
    );
    const listRequests = jest.fn(
      async ({ cursor, limit = 50 }: RequestQuery) => {
        const from = Number(cursor ?? 0);
        const next = from + limit;
        return {
          items: all.slice(from, next),
          total: 500,
          ...(next < 500 && { nextCursor: String(next) }),
        };
      },
    );
    open({ listRequests });
    expect(await screen.findByText('50 of 500')).toBeInTheDocument();
    expect(screen.getAllByRole('link', { name: /^request/ })).toHaveLength(50);
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('100 of 500')).toBeInTheDocument();
  });

  it('reads further pages on demand, each row once', async () => {
    const listRequests = jest.fn(async ({ cursor, limit }: RequestQuery) => {
      if (limit === 1) return { items: [CART], total: 2, nextCursor: 'x' };
      return cursor
        ? { items: [PAYMENTS], total: 2 }
        : { items: [CART], total: 2, nextCursor: 'second' };
    });
    open({ listRequests });
    expect(await screen.findByText('1 of 2')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('2 of 2')).toBeInTheDocument();
    expect(screen.getAllByRole('link', { name: CART.summary })).toHaveLength(1);
    expect(
      screen.queryByRole('button', { name: 'Show more' }),
    ).not.toBeInTheDocument();
  });

  it('folds requests that mean the same into one row', async () => {
    open(lists([summary(), summary({ id: 'r9', number: 215 })]));
    const more = await screen.findByRole('button', {
      name: '1 more like this',
    });
    expect(
      screen.getAllByRole('link', { name: summary().summary }),
    ).toHaveLength(1);
    await userEvent.click(more);
    expect(
      screen.getAllByRole('link', { name: summary().summary }),
    ).toHaveLength(2);
  });

  it('says what to do when nothing waits', async () => {
    const { container } = open(lists([]));
    expect(
      await screen.findByText('Nothing waits for you.'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/When somebody asks for access to an API of yours/),
    ).toBeInTheDocument();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('says what failed and tries again', async () => {
    const listRequests = jest
      .fn<ReturnType<CallgateApi['listRequests']>, []>()
      .mockRejectedValueOnce(
        new CallgateError({
          name: 'ServiceUnavailableError',
          message: 'The database is away.',
          status: 503,
        }),
      )
      .mockResolvedValue({ items: [summary()], total: 1 });
    open({ listRequests });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The database is away.',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('link', { name: summary().summary }),
    ).toBeInTheDocument();
  });

  it('says that the backend does not answer where none came, and shows no empty list', async () => {
    open({
      listRequests: async () => {
        throw new CallgateError({
          name: 'NetworkError',
          message: 'Failed to fetch',
          status: 0,
        });
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Requests could not be read. Callgate’s backend does not answer. Check your connection, or try again in a minute.',
    );
    expect(
      screen.queryByText('Nothing waits for you.'),
    ).not.toBeInTheDocument();
  });

  it('says that a reader who may not see requests may not', async () => {
    open({
      listRequests: async () => {
        throw new CallgateError({
          name: 'NotAllowedError',
          message: 'Requests are not for you.',
          status: 403,
        });
      },
    });
    expect(await screen.findByText('You may not see this')).toBeInTheDocument();
  });
});
