import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateApi, callgateApiRef, RequestQuery } from '../../api';
import {
  catalogIndexRouteRef,
  inboxRouteRef,
  proposalRouteRef,
  requestRouteRef,
  reviewsRouteRef,
} from '../../routes';
import {
  fakeCallgate,
  proposal,
  summary,
} from '../RequestPage/__testUtils__/samples';
import { HomePage } from './HomePage';

const NONE = { items: [], total: 0 };

function open(answers: Partial<CallgateApi>) {
  return renderInTestApp(<HomePage />, {
    apis: [[callgateApiRef, fakeCallgate(answers)]],
    mountedRoutes: {
      '/access/requests': inboxRouteRef,
      '/access/reviews': reviewsRouteRef,
      '/access/requests/:id': requestRouteRef,
      '/access/proposals/:id': proposalRouteRef,
      '/catalog': catalogIndexRouteRef as never,
    },
  });
}

/** Answers by the tab that is asked. */
const byTab =
  (tabs: {
    [tab in NonNullable<RequestQuery['tab']>]?: ReturnType<typeof summary>[];
  }) =>
  async ({ tab = 'all' }: RequestQuery) => {
    const items = tabs[tab] ?? [];
    return { items, total: items.length };
  };

const list = (name: string) => screen.findByRole('region', { name });

describe('HomePage', () => {
  it('shows what waits for the reader, what they asked for and what is new on their APIs, with links', async () => {
    const listRequests = jest.fn(
      byTab({
        waiting: [summary({ id: 'w', summary: 'Cart asks to POST /orders' })],
        mine: [
          summary({
            id: 'm',
            summary: 'Checkout asks to GET /stock',
            waitsFor: 'Waits for Stock team (2 can decide)',
            waitsForMe: false,
            mine: true,
          }),
        ],
        ours: [
          summary({ id: 'w', summary: 'Cart asks to POST /orders' }),
          summary({
            id: 'o',
            summary: 'Returns asks to GET /orders',
            state: 'merged',
            waitsFor: '',
            waitsForMe: false,
          }),
        ],
      }),
    );
    const { container } = await open({
      listRequests,
      listProposals: async () => ({ items: [proposal()], total: 1 }),
    });
    const waits = within(await list('Waits for you'));
    expect(
      await waits.findByRole('link', { name: 'Cart asks to POST /orders' }),
    ).toHaveAttribute('href', '/access/requests/w');
    expect(
      waits.getByRole('link', { name: 'Access to Orders API: Checkout' }),
    ).toHaveAttribute('href', '/access/proposals/p1');
    expect(
      waits.getByRole('link', { name: 'All 2: Waits for you' }),
    ).toHaveAttribute('href', '/access/requests?tab=waiting');
    const mine = within(await list('You asked for'));
    expect(
      mine.getByText('Waits for Stock team (2 can decide)'),
    ).toBeInTheDocument();
    const ours = within(await list('New on your APIs'));
    expect(ours.getByRole('link')).toHaveAccessibleName(
      'Returns asks to GET /orders',
    );
    expect(ours.getByText('Merged')).toBeInTheDocument();
    expect(await axe(container)).toHaveNoViolations();
    // Three lists, and the count that the menu shares.
    expect(listRequests).toHaveBeenCalledTimes(4);
  });

  it('says that nothing else is new only where something stands in another list', async () => {
    const only = [summary({ id: 'w', summary: 'Cart asks to POST /orders' })];
    open({
      listRequests: byTab({ waiting: only, ours: only }),
      listProposals: async () => NONE,
    });
    expect(
      await screen.findByText('Nothing else is new on APIs of yours.'),
    ).toBeInTheDocument();
  });

  it('says of each list that it is empty, and how something gets there', async () => {
    open({ listRequests: byTab({}), listProposals: async () => NONE });
    expect(
      await screen.findByText('Nothing waits for you.'),
    ).toBeInTheDocument();
    expect(
      await screen.findByText('You have not asked for anything.'),
    ).toBeInTheDocument();
    expect(
      await screen.findByText('Nothing is new on APIs of yours.'),
    ).toBeInTheDocument();
  });

  it('leads to grants that wait for a review, and does not say then that nothing waits', async () => {
    open({
      listRequests: byTab({}),
      listProposals: async () => NONE,
      listReviews: async () => ({
        ...NONE,
        waiting: 2,
        hidden: 0,
        asked: true,
      }),
    });
    const waits = within(await list('Waits for you'));
    expect(
      screen.queryByText('Nothing waits for you.'),
    ).not.toBeInTheDocument();
    expect(
      await waits.findByRole('link', { name: '2 grants wait for your review' }),
    ).toHaveAttribute('href', '/access/reviews');
  });

  it('never says that nothing waits while that is not known', async () => {
    open({
      listRequests: byTab({}),
      listProposals: async () => {
        throw new Error('The forge does not answer.');
      },
    });
    expect(
      await screen.findByText(/The forge does not answer/),
    ).toBeInTheDocument();
    expect(
      screen.queryByText('Nothing waits for you.'),
    ).not.toBeInTheDocument();
  });

  it('is loading until an answer is there', async () => {
    open({
      listRequests: () => new Promise(() => undefined),
      listProposals: async () => NONE,
    });
    const waits = within(await list('Waits for you'));
    expect(
      await waits.findByRole('status', { name: 'Loading' }),
    ).toBeInTheDocument();
  });

  it('keeps the other lists where one fails, and tries again', async () => {
    let fails = true;
    open({
      listRequests: async query => {
        if (query.tab === 'mine' && fails) throw new Error('No answer.');
        return byTab({})(query);
      },
      listProposals: async () => NONE,
    });
    const mine = within(await list('You asked for'));
    expect(await mine.findByRole('alert')).toHaveTextContent(
      'What you asked for could not be read. No answer.',
    );
    expect(
      await screen.findByText('Nothing waits for you.'),
    ).toBeInTheDocument();
    fails = false;
    await userEvent.click(mine.getByRole('button', { name: 'Try again' }));
    expect(
      await mine.findByText('You have not asked for anything.'),
    ).toBeInTheDocument();
  });
});
