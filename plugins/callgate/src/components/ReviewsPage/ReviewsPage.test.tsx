import { renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import type { DueReview, ReviewResult } from '@callgate/plugin-callgate-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import {
  callgateApiRef,
  type CallgateApi,
  CallgateError,
  type ReviewQuery,
} from '../../api';
import { grantRouteRef, inboxRouteRef, requestRouteRef } from '../../routes';
import { fakeCallgate, label } from '../RequestPage/__testUtils__/samples';
import { ReviewsPage } from './ReviewsPage';

jest.setTimeout(60_000);

const ORDERS = label('api:default/orders', 'Orders API');
const STOCK = label('api:default/inventory', 'Inventory API');

const due = (change: Partial<DueReview> = {}): DueReview => ({
  api: ORDERS,
  caller: label('component:default/cart', 'Cart'),
  grant: 'cart-places',
  operations: [
    {
      kind: 'http',
      id: 'createOrder',
      method: 'POST',
      path: '/orders',
      writes: true,
    },
  ],
  writes: true,
  clusters: ['prod-eu'],
  acceptedGaps: [],
  days: 180,
  digest: 'sha256:cart',
  last: false,
  keep: { allowed: true },
  end: { allowed: true },
  ...change,
});
const WEB = due({
  caller: label('component:default/web', 'Web shop'),
  grant: 'web-reads',
  operations: [
    {
      kind: 'http',
      id: 'listOrders',
      method: 'GET',
      path: '/orders',
      writes: false,
    },
  ],
  writes: false,
  digest: 'sha256:web',
  since: '2026-01-15T10:00:00.000Z',
  dueSince: '2026-11-01',
  rule: 'pci',
  lastReview: {
    id: 'v1',
    by: label('user:default/omar', 'Omar Haddad'),
    at: '2026-05-01T10:00:00.000Z',
    role: 'api-owner',
    digest: 'sha256:old',
  },
});
const PICKING = due({
  api: STOCK,
  caller: label('component:default/picking', 'Picking'),
  grant: 'picking-moves',
  digest: 'sha256:picking',
  last: true,
});

const page = (items: DueReview[], more: object = {}) => ({
  items,
  total: items.length,
  waiting: items.length,
  hidden: 0,
  asked: true,
  ...more,
});

function open(answers: Partial<CallgateApi>, entry = '/access/reviews') {
  return renderInTestApp(<ReviewsPage />, {
    apis: [
      [catalogApiRef, catalogApiMock({ entities: [] })],
      [
        callgateApiRef,
        fakeCallgate({
          listReviews: async () => page([due(), WEB, PICKING]),
          ...answers,
        }),
      ],
    ],
    mountedRoutes: {
      '/access/requests': inboxRouteRef,
      '/access/requests/:id': requestRouteRef,
      '/access/grants/:id': grantRouteRef,
    },
    mountPath: '/access/reviews',
    initialRouteEntries: [entry],
  });
}

const pick = async (what: string) =>
  userEvent.click(
    await screen.findByRole('checkbox', { name: `Choose: ${what}` }),
  );
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const note = () => screen.getByRole('textbox', { name: /Note for all/ });

describe('the page of grants to review', () => {
  it('says of each by API what it stands for and what is known of it', async () => {
    const { container } = open({});
    const orders = within(
      await screen.findByRole('list', { name: 'Orders API' }),
    );
    const [cart, web] = orders
      .getAllByRole('listitem', { name: '' })
      .filter(
        item => item.parentElement?.getAttribute('aria-label') === 'Orders API',
      );
    expect(cart).toHaveTextContent('POST');
    expect(cart).toHaveTextContent('/orders');
    expect(cart).toHaveTextContent('writes');
    expect(cart).toHaveTextContent('in prod-eu');
    expect(cart).toHaveTextContent('no record of when it began');
    expect(cart).toHaveTextContent('never reviewed: due from the start');
    expect(cart).toHaveTextContent('every 180 days');
    expect(web).not.toHaveTextContent('writes');
    expect(web).toHaveTextContent('due since 1 November 2026');
    expect(web).toHaveTextContent('kept by Omar Haddad');
    expect(web).toHaveTextContent('every 180 days, by the rule pci');
    expect(
      screen.getByRole('link', { name: 'Picking → Inventory API' }),
    ).toHaveAttribute(
      'href',
      '/access/grants/picking-moves?of=api%3Adefault%2Finventory',
    );
    expect(screen.getByText('3 of 3')).toBeInTheDocument();
    // Nothing is known of use, and so nothing is said of it.
    expect(container).not.toHaveTextContent(/\bus(ed|age)\b/i);
    expect(await axe(container)).toHaveNoViolations();
  });

  it('keeps several with one note, and says what became of each', async () => {
    const decideReviews = jest.fn(async () => ({
      results: [
        {
          api: ORDERS.ref,
          grant: 'cart-places',
          review: { ...WEB.lastReview!, id: 'v2' },
        },
        {
          api: ORDERS.ref,
          grant: 'web-reads',
          error: { message: 'It stands for something else.' },
        },
      ] as ReviewResult[],
    }));
    const { container } = open({ decideReviews });
    await pick('Cart → Orders API');
    await pick('Web shop → Orders API');
    const bar = within(screen.getByRole('region', { name: 'Chosen grants' }));
    expect(bar.getByText('2 grants chosen')).toBeInTheDocument();
    await userEvent.click(bar.getByRole('button', { name: 'Keep or end…' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Do these 2 grants stay?',
    });
    expect(await axe(container)).toHaveNoViolations();
    await userEvent.type(note(), 'Still needed');
    await userEvent.click(button('Keep 2'));
    expect(decideReviews).toHaveBeenCalledWith(
      {
        decisions: [
          {
            api: ORDERS.ref,
            grant: 'cart-places',
            digest: 'sha256:cart',
            decision: 'keep',
          },
          {
            api: ORDERS.ref,
            grant: 'web-reads',
            digest: 'sha256:web',
            decision: 'keep',
          },
        ],
        note: 'Still needed',
      },
      expect.any(String),
    );
    expect(
      await within(dialog).findByText('Kept until the next review.'),
    ).toBeInTheDocument();
    expect(
      within(dialog).getByText('Not done: It stands for something else.'),
    ).toBeInTheDocument();
    await waitFor(() => expect(button('Close')).toHaveFocus());
    await userEvent.click(button('Close'));
    await waitFor(() =>
      expect(
        screen.queryByRole('region', { name: 'Chosen grants' }),
      ).not.toBeInTheDocument(),
    );
  });

  it('ends one with a reason, and of the only grant of an API asks what becomes of that', async () => {
    const decideReviews = jest.fn(async () => ({
      results: [
        {
          api: STOCK.ref,
          grant: 'picking-moves',
          request: { id: 'r7', number: 7, state: 'approved' as const },
        },
      ],
    }));
    open({ decideReviews });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Keep or end: Picking → Inventory API',
      }),
    );
    await userEvent.click(button('End 1'));
    expect(
      screen.getByText('Say why, so that the caller’s team knows.'),
    ).toBeInTheDocument();
    expect(note()).toHaveFocus();
    await userEvent.type(note(), 'Gone');
    await userEvent.click(button('End 1'));
    expect(
      screen.getByText('Say what becomes of the API.'),
    ).toBeInTheDocument();
    expect(decideReviews).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole('radio', { name: /^stays closed/ }));
    await userEvent.click(button('End 1'));
    expect(decideReviews).toHaveBeenCalledWith(
      {
        decisions: [
          {
            api: STOCK.ref,
            grant: 'picking-moves',
            digest: 'sha256:picking',
            decision: 'end',
            whenLast: 'keep-closed',
          },
        ],
        note: 'Gone',
      },
      expect.any(String),
    );
    expect(
      await screen.findByRole('link', { name: 'Request 7' }),
    ).toHaveAttribute('href', '/access/requests/r7');
  });

  it('sends the same key again after an error, and another one for something else', async () => {
    const decideReviews = jest
      .fn<Promise<{ results: ReviewResult[] }>, [unknown, string]>()
      .mockRejectedValue(
        new CallgateError({ name: 'Error', message: 'Away.', status: 503 }),
      );
    open({ decideReviews });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Keep or end: Cart → Orders API',
      }),
    );
    await userEvent.click(button('Keep 1'));
    expect(await screen.findByText(/Away\./)).toBeInTheDocument();
    await userEvent.click(button('Keep 1'));
    await userEvent.type(note(), 'x');
    await userEvent.click(button('Keep 1'));
    const keys = decideReviews.mock.calls.map(([, key]) => key);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('says why one is not the reader’s to keep, and leaves it out', async () => {
    const reason = 'You asked for this grant.';
    open({
      listReviews: async () =>
        page([due({ keep: { allowed: false, reason } }), WEB]),
    });
    await userEvent.click(
      await screen.findByRole('checkbox', {
        name: 'Choose all that are shown of Orders API',
      }),
    );
    await userEvent.click(button('Keep or end…'));
    expect(
      await screen.findByText(`Not yours to keep: ${reason}`),
    ).toBeInTheDocument();
    expect(button('Keep 1')).toBeEnabled();
    expect(button('End 2')).toBeEnabled();
  });

  it('shows 3,000 grants page by page, and decides at most 50 at once', async () => {
    const all = Array.from({ length: 3000 }, (_, at) =>
      due({
        grant: `g${at}`,
        caller: label(`component:default/c${at}`, `Caller ${at}`),
      }),
    );
    const listReviews = jest.fn(async ({ cursor, limit = 50 }: ReviewQuery) => {
      const from = Number(cursor ?? 0);
      return page(all.slice(from, from + limit), {
        total: 3000,
        nextCursor: String(from + limit),
      });
    });
    open({ listReviews });
    expect(await screen.findByText('50 of 3000')).toBeInTheDocument();
    await userEvent.click(button('Show more'));
    expect(await screen.findByText('100 of 3000')).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('checkbox', {
        name: 'Choose all that are shown of Orders API',
      }),
    );
    expect(
      screen.getByText('50 grants chosen (at most 50 at once)'),
    ).toBeInTheDocument();
  });

  it('narrows by what stands in the URL', async () => {
    const listReviews = jest.fn(async ({ q }: ReviewQuery) =>
      page(q ? [] : [due()]),
    );
    open(
      { listReviews },
      '/access/reviews?q=nobody&system=system:default/shop',
    );
    expect(
      await screen.findByText('None of them is like this.'),
    ).toBeInTheDocument();
    expect(listReviews).toHaveBeenCalledWith(
      { q: 'nobody', system: 'system:default/shop', limit: 50 },
      expect.anything(),
    );
    expect(screen.getByRole('searchbox', { name: 'Search' })).toHaveValue(
      'nobody',
    );
    await userEvent.click(button('Show all'));
    expect(
      await screen.findByRole('link', { name: 'Cart → Orders API' }),
    ).toBeInTheDocument();
  });

  it('goes from row to row by j and k', async () => {
    open({});
    await screen.findByRole('link', { name: 'Cart → Orders API' });
    await userEvent.keyboard('jj');
    expect(
      screen.getByRole('link', { name: 'Web shop → Orders API' }),
    ).toHaveFocus();
    await userEvent.keyboard('k');
    expect(
      screen.getByRole('link', { name: 'Cart → Orders API' }),
    ).toHaveFocus();
  });

  it('says that nothing waits, that nothing is reviewed here, and how many are somebody else’s', async () => {
    const { unmount } = open({
      listReviews: async () => page([], { hidden: 2 }),
    });
    expect(
      await screen.findByText('Nothing waits for your review.'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/^2 more grants are to callers that you may not see/),
    ).toBeInTheDocument();
    unmount();
    open({ listReviews: async () => page([], { asked: false }) });
    expect(
      await screen.findByText('Nothing is reviewed here.'),
    ).toBeInTheDocument();
  });

  it('says what failed, tries again, and says that a reader may not', async () => {
    const listReviews = jest
      .fn<ReturnType<CallgateApi['listReviews']>, []>()
      .mockRejectedValueOnce(
        new CallgateError({
          name: 'ServiceUnavailableError',
          message: 'The catalog cannot be asked.',
          status: 503,
        }),
      )
      .mockResolvedValue(page([due()]));
    const { unmount } = open({ listReviews });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The catalog cannot be asked.',
    );
    await userEvent.click(button('Try again'));
    expect(
      await screen.findByRole('link', { name: 'Cart → Orders API' }),
    ).toBeInTheDocument();
    unmount();
    open({
      listReviews: async () => {
        throw new CallgateError({
          name: 'NotAllowedError',
          message: 'Not for you.',
          status: 403,
        });
      },
    });
    expect(await screen.findByText('You may not see this')).toBeInTheDocument();
  });
});
