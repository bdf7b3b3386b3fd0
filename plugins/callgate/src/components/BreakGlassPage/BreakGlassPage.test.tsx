import { renderInTestApp } from '@backstage/frontend-test-utils';
import type {
  BrokenGlass,
  BrokenGlassList,
} from '@callgate/plugin-callgate-common';
import { screen, within } from '@testing-library/react';
import { axe } from 'jest-axe';
import { type CallgateApi, callgateApiRef, CallgateError } from '../../api';
import {
  breakGlassRouteRef,
  proposalsRouteRef,
  requestRouteRef,
} from '../../routes';
import { ProposalsPage } from '../ProposalsPage';
import {
  CHECKOUT,
  fakeCallgate,
  GET_ORDERS,
  OMAR,
  ORDERS,
  PRIYA,
} from '../RequestPage/__testUtils__/samples';
import { BreakGlassPage } from './BreakGlassPage';

const glass = (changes: Partial<BrokenGlass> = {}): BrokenGlass => ({
  ...{ id: 'r1', number: 214, api: ORDERS, caller: CHECKOUT },
  ...{ operations: [GET_ORDERS], by: PRIYA, decidedBy: [] },
  reason: '<b>Orders get lost</b>',
  askedAt: '2026-11-30T02:00:00Z',
  expiresAt: '2026-11-30T06:00:00Z',
  afterwards: 'undecided',
  state: 'open',
  ...changes,
});

const list = (
  items: BrokenGlass[],
  more: Partial<BrokenGlassList> = {},
): BrokenGlassList => ({ items, days: 90, open: 1, leftOut: 0, ...more });

function open(answers: Partial<CallgateApi>) {
  return renderInTestApp(<BreakGlassPage />, {
    apis: [[callgateApiRef, fakeCallgate(answers)]],
    mountedRoutes: {
      '/access/proposals': proposalsRouteRef,
      '/access/requests/:id': requestRouteRef,
    },
  });
}
const show = (...args: Parameters<typeof list>) =>
  open({ getBrokenGlass: async () => list(...args) });

/** A window of some width, in pixels. */
function wide(width: number) {
  window.matchMedia = (query: string) =>
    ({
      matches: width <= Number(/max-width: ([\d.]+)px/.exec(query)?.[1] ?? 0),
      media: query,
      addListener: () => {},
      removeListener: () => {},
      addEventListener: () => {},
      removeEventListener: () => {},
    } as never);
}

describe('BreakGlassPage', () => {
  const before = window.matchMedia;
  afterEach(() => {
    window.matchMedia = before;
  });

  it('says that it loads until the answer is there', async () => {
    open({ getBrokenGlass: () => new Promise(() => {}) });
    expect(
      await screen.findByRole('status', { name: 'Loading' }),
    ).toBeInTheDocument();
  });

  it('says of each who opened what for whom, why, until when, who decided how, and whether it is open', async () => {
    wide(1400);
    const { container } = show(
      [
        glass(),
        glass({
          ...{ id: 'r2', number: 100, state: 'ended' },
          ...{ afterwards: 'rejected', decidedBy: [OMAR], reason: undefined },
        }),
      ],
      { leftOut: 2 },
    );
    const table = await screen.findByRole('table', { name: 'Break-glass' });
    const [, first, second] = within(table).getAllByRole('row');
    for (const text of ['Open', 'Orders API', 'Checkout', '/orders', 'Priya'])
      expect(first).toHaveTextContent(text);
    expect(first).toHaveTextContent('<b>Orders get lost</b>');
    expect(first).toHaveTextContent('nobody has decided yet');
    expect(
      within(first).getByRole('link', { name: 'Request 214' }),
    ).toHaveAttribute('href', '/access/requests/r1');
    expect(second).toHaveTextContent('Ended');
    expect(second).toHaveTextContent('rejected afterwards');
    expect(second).toHaveTextContent('Omar');
    expect(second).toHaveTextContent('The reason was taken out.');
    expect(
      screen.getByRole('heading', {
        name: '1 grant is open that nobody had approved before',
      }),
    ).toBeInTheDocument();
    expect(screen.getByText(/2 more are about/)).toBeInTheDocument();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('has cards instead of columns on a phone', async () => {
    wide(390);
    const { container } = show([glass()]);
    const cards = await screen.findByRole('list', { name: 'Break-glass' });
    expect(cards).toHaveTextContent('Decided afterwards');
    expect(screen.queryByRole('table')).toBeNull();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('says that there is nothing', async () => {
    show([], { open: 0 });
    expect(
      await screen.findByText('Nothing had to go on before it was approved.'),
    ).toBeInTheDocument();
  });

  it('says why it cannot be read', async () => {
    open({
      getBrokenGlass: async () => {
        throw new CallgateError({
          ...{ status: 503, name: 'ServiceUnavailableError' },
          message: 'The catalog cannot be asked now.',
        });
      },
    });
    expect(
      await screen.findByText('The catalog cannot be asked now.'),
    ).toBeInTheDocument();
  });

  it.each<[number | undefined, string | undefined]>([
    [undefined, undefined],
    [0, 'Break-glass'],
    [2, 'Break-glass: 2 open'],
  ])(
    'is led to from the list of pull requests, which counts it (%s)',
    async (brokenGlass, name) => {
      renderInTestApp(<ProposalsPage />, {
        apis: [
          [
            callgateApiRef,
            fakeCallgate({
              listProposals: async () => ({
                ...{ items: [], total: 0 },
                ...(brokenGlass !== undefined && { brokenGlass }),
              }),
            }),
          ],
        ],
        mountedRoutes: { '/access/break-glass': breakGlassRouteRef },
      });
      await screen.findByText(/No pull request/);
      const links = screen.queryAllByRole('link', { name: /Break-glass/ });
      expect(links.map(each => each.textContent)).toEqual(name ? [name] : []);
    },
  );
});
