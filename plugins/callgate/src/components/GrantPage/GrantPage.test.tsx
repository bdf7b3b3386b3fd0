import { renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import type {
  AccessRequestDraft,
  GrantPage as Grant,
} from '@callgate/plugin-callgate-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { Route, Routes } from 'react-router-dom';
import { callgateApiRef, CallgateError } from '../../api';
import { grantRouteRef, proposalRouteRef, requestRouteRef } from '../../routes';
import {
  grantPage,
  OFFERED,
  previewOf,
} from '../RequestDialog/__testUtils__/dialogWorld';
import {
  fakeCallgate,
  grantInfo,
  OMAR,
  ORDERS,
  PRIYA,
  label,
  row,
  summary,
} from '../RequestPage/__testUtils__/samples';
import { GrantPage } from './GrantPage';

const PETRA = label('user:default/petra', 'Petra');
const AT = '2027-02-15T10:00:00.000Z';

const HISTORY: Grant['history'] = [
  {
    request: summary({
      id: 'r1',
      number: 7,
      state: 'merged',
      waitsFor: '',
      proposal: { id: 'p1', number: 4, state: 'merged' },
    }),
    meaning: 'Opens Checkout → GET /orders of Orders API.',
    digest: 'sha256:1',
    decisions: [
      { event: 'approved', by: OMAR, role: 'api-owner', of: ORDERS, at: AT },
      {
        event: 'approved',
        by: PRIYA,
        role: 'group',
        of: label('group:default/security', 'Security'),
        at: AT,
      },
    ],
    commit: 'abcdef0123456789abcdef0123456789abcdef01',
    mergedBy: PETRA,
    mergedAt: AT,
  },
  {
    request: summary({
      id: 'r2',
      number: 9,
      kind: 'end',
      state: 'approved',
      waitsFor: 'The pull request is being built',
    }),
    meaning: 'Takes away GET /orders of Orders API from Checkout.',
    digest: 'sha256:2',
    decisions: [{ event: 'not-needed', at: AT }],
  },
];

const previewed = jest.fn(async (draft: AccessRequestDraft) =>
  previewOf(draft),
);

function open(
  getGrant: () => Promise<Grant>,
  query = '?of=api:default/orders',
) {
  const asked = jest.fn(getGrant);
  const page = renderInTestApp(
    <Routes>
      <Route path="/access/grants/:id" element={<GrantPage />} />
    </Routes>,
    {
      initialRouteEntries: [`/access/grants/checkout-reads${query}`],
      mountedRoutes: {
        '/access/grants/:id': grantRouteRef,
        '/access/requests/:id': requestRouteRef,
        '/access/proposals/:id': proposalRouteRef,
      },
      apis: [
        [
          callgateApiRef,
          fakeCallgate({
            getGrant: asked,
            getApiOperations: async () => OFFERED,
            preview: previewed,
          }),
        ],
        [catalogApiRef, catalogApiMock()],
      ],
    },
  );
  return { asked, page };
}

const factOf = (name: string) =>
  screen.getByText(name, { selector: 'dt' }).nextElementSibling;

describe('the page of a grant', () => {
  it('has each review in its history, in the order of time, and says until when it stands without one', async () => {
    const review = {
      id: 'v1',
      by: OMAR,
      role: 'api-owner' as const,
      of: ORDERS,
      at: '2027-03-01T10:00:00.000Z',
      note: 'They still ship',
      digest: 'sha256:3',
    };
    const { page } = open(async () =>
      grantPage({
        history: [
          { ...HISTORY[0], request: { ...HISTORY[0].request, createdAt: AT } },
        ],
        reviews: [review],
        review: { days: 180, rule: 'pci', due: false, until: '2027-08-28' },
      }),
    );
    const kept = await screen.findByText(/looked at it again and kept it/);
    expect(kept).toHaveTextContent(
      `Omar looked at it again and kept it, as an owner of Orders API`,
    );
    expect(screen.getByText('They still ship')).toBeInTheDocument();
    const asked = screen.getByText('Asked for');
    expect(
      asked.compareDocumentPosition(kept) & Node.DOCUMENT_POSITION_FOLLOWING,
    ).toBeTruthy();
    expect(factOf('Review')).toHaveTextContent(
      'every 180 days, by the rule pci; the next is due after 28 August 2027',
    );
    expect(await axe(page.container)).toHaveNoViolations();
  });

  it('says that a review is due, also where nothing was asked about it here', async () => {
    open(async () => grantPage({ review: { days: 1, due: true } }));
    await screen.findByText('Review');
    expect(factOf('Review')).toHaveTextContent('every day; one is due.');
  });

  it('says what it is now, and how it stands', async () => {
    const { asked, page } = open(async () =>
      grantPage({
        reason: 'The confirmation page',
        until: '2099-03-01',
        requestedBy: PRIYA,
        approvedBy: [OMAR],
        acknowledges: ['method-not-enforced'],
        acceptedGaps: ['methods are not enforced'],
        rows: [row()],
      }),
    );
    expect(
      await screen.findByRole('heading', {
        level: 2,
        name: 'Checkout may call Orders API',
      }),
    ).toBeVisible();
    expect(asked).toHaveBeenCalledWith(
      'checkout-reads',
      expect.objectContaining({ api: 'api:default/orders' }),
    );
    expect(screen.getByText('Declared')).toBeVisible();
    expect(factOf('Clusters')).toHaveTextContent('prod-eu');
    expect(factOf('Reason')).toHaveTextContent('The confirmation page');
    expect(factOf('Last day')).toHaveTextContent(/^until 1 March 2099/);
    expect(factOf('Asked by')).toHaveTextContent('Priya');
    expect(factOf('Approved by')).toHaveTextContent('Omar');
    expect(factOf('Accepted')).toHaveTextContent(/methods/i);
    const standing = screen.getByRole('table', { name: 'What is in force' });
    expect(within(standing).getByText('All 3 layers')).toBeVisible();
    expect(await axe(page.container)).toHaveNoViolations();
  });

  it('says what has become of what it names, and opens the change that is prepared as it is prepared', async () => {
    const text =
      'The definition does not have getOrder any more: take it out of this grant.';
    const next = {
      kind: 'change' as const,
      api: 'api:default/orders',
      grant: 'checkout-reads',
      operations: [{ id: 'listOrders' }],
    };
    const flags = [{ kind: 'operations-gone' as const, text, next }];
    open(async () => grantPage({ flags }));
    const link = await screen.findByRole('link', {
      name: 'Prepare the change',
    });
    expect(link.closest('li')).toHaveTextContent(text);
    await userEvent.click(link);
    const dialog = await screen.findByRole('dialog');
    await waitFor(() => expect(previewed).toHaveBeenCalled());
    expect(dialog).toHaveTextContent('Change the access of Checkout');
    expect(previewed.mock.calls.at(-1)?.[0]).toMatchObject({
      kind: 'change',
      grant: 'checkout-reads',
      operations: [{ id: 'listOrders' }],
    });
  });

  it('tells its history: who asked, what it meant, who decided as what, what came of it', async () => {
    open(async () => grantPage({ history: HISTORY }));
    const history = (
      await screen.findByRole('heading', { name: 'History' })
    ).closest('section') as HTMLElement;
    const [first, second] = within(history)
      .getAllByRole('listitem')
      .filter(({ parentElement }) => parentElement?.tagName === 'OL');
    expect(first).toHaveTextContent(/^Asked forMergedPriya asked 2 hours ago/);
    expect(first).toHaveTextContent(
      'Opens Checkout → GET /orders of Orders API.',
    );
    expect(first).toHaveTextContent('Omar approved, as an owner of Orders API');
    expect(first).toHaveTextContent('Priya approved, for Security');
    expect(first).toHaveTextContent('Petra merged it');
    expect(first).toHaveTextContent('Commit abcdef0');
    expect(
      within(first).getByRole('link', { name: 'Request #7' }),
    ).toHaveAttribute('href', '/access/requests/r1');
    expect(
      within(first).getByRole('link', { name: 'Pull request #4' }),
    ).toHaveAttribute('href', '/access/proposals/p1');
    expect(second).toHaveTextContent(/^End/);
    expect(second).toHaveTextContent(
      'Nobody had to approve: it opens nothing',
    );
    expect(second).not.toHaveTextContent('merged it');
  });

  it('says once why nothing may be done, and lets nobody press it', async () => {
    const reason = 'You own neither the caller nor the API.';
    const no = { allowed: false, reason };
    open(async () => grantPage({ change: no, renew: no, end: no }));
    const end = await screen.findByRole('button', { name: 'End' });
    expect(end).toBeDisabled();
    expect(end).toHaveAccessibleDescription(reason);
    expect(screen.getAllByText(reason)).toHaveLength(1);
  });

  it('shows of one that has ended what was asked for last, and nothing as if it were in force', async () => {
    const no = { allowed: false, reason: 'The grant has ended.' };
    open(async () =>
      grantPage({
        declared: false,
        history: [{ ...HISTORY[0] }],
        change: no,
        renew: no,
        end: no,
      }),
    );
    expect(
      await screen.findByRole('heading', {
        name: 'The grant of Checkout to call Orders API has ended',
      }),
    ).toBeVisible();
    expect(screen.getByText('Ended')).toBeVisible();
    expect(
      screen.getByRole('heading', { name: 'What was asked for last' }),
    ).toBeVisible();
    expect(screen.queryByText('What is in force')).toBeNull();
    expect(screen.queryByText('Last day')).toBeNull();
  });

  it('says why it ended, and in its history why each step was asked for', async () => {
    const [first, end] = HISTORY;
    open(async () =>
      grantPage({
        declared: false,
        reason: undefined,
        history: [
          { ...first, reason: 'The confirmation page' },
          {
            ...end,
            reason: 'Orders are mailed now',
            request: summary({
              id: 'r2',
              number: 9,
              kind: 'end',
              state: 'merged',
            }),
          },
        ],
      }),
    );
    expect(await screen.findByText('Ended')).toBeVisible();
    expect(factOf('Why it ended')).toHaveTextContent('Orders are mailed now');
    const history = screen
      .getByRole('heading', { name: 'History' })
      .closest('section') as HTMLElement;
    expect(history).toHaveTextContent('Because: The confirmation page');
    expect(history).toHaveTextContent('Because: Orders are mailed now');
  });

  it('does not say why it ended of an end that was only asked for, nor of one that is declared again', async () => {
    const end = { ...HISTORY[1], reason: 'Orders are mailed now' };
    open(async () => grantPage({ history: [HISTORY[0], end] }));
    expect(await screen.findByText('Declared')).toBeVisible();
    expect(screen.queryByText('Why it ended')).toBeNull();
  });

  it('does not say that no reason was given where the declaration that held it is gone', async () => {
    open(async () =>
      grantPage({
        declared: false,
        reason: undefined,
        history: [{ ...HISTORY[0] }],
      }),
    );
    expect(await screen.findByText('Ended')).toBeVisible();
    expect(screen.queryByText('None was given.')).toBeNull();
  });

  it('says that no reason was given where it is declared without one', async () => {
    open(async () => grantPage({ reason: undefined }));
    expect(await screen.findByText('None was given.')).toBeVisible();
  });

  it('does not say that access which was never granted was', async () => {
    open(async () =>
      grantPage({
        declared: false,
        history: [{ ...HISTORY[1], request: summary({ state: 'rejected' }) }],
      }),
    );
    expect(await screen.findByText('Never declared')).toBeVisible();
    expect(screen.queryByText('Ended')).toBeNull();
  });

  it('says of one without requests that it was written by hand', async () => {
    open(async () => grantPage({ rows: [row({ grants: [grantInfo()] })] }));
    expect(
      await screen.findByText(/written into the policy repository by hand/),
    ).toBeVisible();
  });

  it('is the 404 page where there is none, or none that the reader may see', async () => {
    open(async () => {
      throw new CallgateError({
        status: 404,
        name: 'NotFoundError',
        message: 'There is no such grant.',
      });
    });
    expect(await screen.findByText(/PAGE NOT FOUND/)).toBeVisible();
  });

  it('says that it could not be read, and reads again', async () => {
    let isUp = false;
    open(async () => {
      if (!isUp) throw new Error('The backend is gone.');
      return grantPage();
    });
    expect(
      await screen.findByText('This grant could not be read.'),
    ).toBeVisible();
    isUp = true;
    await userEvent.click(screen.getByRole('button', { name: /again/i }));
    expect(
      await screen.findByRole('heading', {
        name: 'Checkout may call Orders API',
      }),
    ).toBeVisible();
  });
});
