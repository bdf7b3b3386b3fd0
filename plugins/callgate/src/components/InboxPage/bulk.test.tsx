import { renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { callgateApiRef, CallgateApi, CallgateError } from '../../api';
import { requestRouteRef } from '../../routes';
import {
  fakeCallgate,
  label,
  request,
  summary,
} from '../RequestPage/__testUtils__/samples';
import { InboxPage } from './InboxPage';

jest.setTimeout(60_000);

const CART = summary({
  id: 'r2',
  caller: label('component:default/cart', 'Cart'),
  summary: 'Cart asks to GET /orders of Orders API',
});
const BACK = summary({
  id: 'r3',
  state: 'returned',
  mine: true,
  caller: label('component:default/web', 'Web shop'),
  summary: 'Web shop asks to GET /orders of Orders API',
});

function open(answers: Partial<CallgateApi>) {
  return renderInTestApp(<InboxPage />, {
    apis: [
      [catalogApiRef, catalogApiMock({ entities: [] })],
      [
        callgateApiRef,
        fakeCallgate({
          listProposals: async () => ({ items: [], total: 0 }),
          listRequests: async () => ({
            items: [summary(), CART, BACK],
            total: 3,
          }),
          ...answers,
        }),
      ],
    ],
    mountedRoutes: { '/access/requests/:id': requestRouteRef },
    mountPath: '/access/requests',
    initialRouteEntries: ['/access/requests'],
  });
}

const pick = async (what: string) =>
  userEvent.click(
    await screen.findByRole('checkbox', { name: `Pick: ${what}` }),
  );

const READ: CallgateApi['getRequest'] = async id =>
  id === 'r1'
    ? request()
    : request({
        ...CART,
        digest: 'd2',
        currentDigest: 'd2-now',
        version: 4,
      });

describe('deciding several requests together', () => {
  it('shows what each means, and approves exactly these with one note', async () => {
    const decideRequests = jest.fn(async () => ({
      results: [
        { id: 'r1', state: 'approved' as const },
        {
          id: 'r2',
          error: {
            code: 'meaning-changed',
            message: 'What this request opens has changed.',
          },
        },
      ],
    }));
    const listRequests = jest.fn(async () => ({
      items: [summary(), CART, BACK],
      total: 3,
    }));
    open({ getRequest: READ, decideRequests, listRequests });
    await pick('Checkout asks to GET /orders of Orders API');
    await pick(CART.summary);
    // What was given back to the reader is nothing to decide.
    expect(
      screen.queryByRole('checkbox', { name: `Pick: ${BACK.summary}` }),
    ).toBeNull();
    expect(screen.getByText('2 requests picked')).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Look and decide' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Decide 2 requests together',
    });
    expect(
      await within(dialog).findAllByText(
        'Order status on the confirmation page.',
      ),
    ).toHaveLength(2);
    expect(await axe(dialog)).toHaveNoViolations();
    await userEvent.type(
      within(dialog).getByLabelText('Note (needed to reject)'),
      'Both are fine',
    );
    const before = listRequests.mock.calls.length;
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Approve 2' }),
    );
    await waitFor(() =>
      expect(decideRequests).toHaveBeenCalledWith(
        {
          decisions: [
            {
              id: 'r1',
              decision: 'approve',
              digest: '5f2c81d0aabbccdd',
              version: 1,
              note: 'Both are fine',
            },
            {
              id: 'r2',
              decision: 'approve',
              digest: 'd2-now',
              version: 4,
              note: 'Both are fine',
            },
          ],
        },
        expect.any(String),
      ),
    );
    expect(await within(dialog).findByText(/^Now: Approved/)).toBeVisible();
    expect(within(dialog).getByRole('button', { name: 'Close' })).toHaveFocus();
    expect(
      within(dialog).getByText(
        'Not decided: What this request opens has changed.',
      ),
    ).toBeVisible();
    expect(listRequests.mock.calls.length).toBeGreaterThan(before);
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Close' }),
    );
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(screen.queryByText(/picked/)).toBeNull();
  });

  it('says what became of them also when nothing is left in the list', async () => {
    let left = [summary()];
    open({
      getRequest: READ,
      listRequests: async () => ({ items: left, total: left.length }),
      decideRequests: async () => {
        left = [];
        return { results: [{ id: 'r1', state: 'approved' as const }] };
      },
    });
    await pick('Checkout asks to GET /orders of Orders API');
    await userEvent.click(
      screen.getByRole('button', { name: 'Look and decide' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      await within(dialog).findByRole('button', { name: 'Approve 1' }),
    );
    await waitFor(() =>
      expect(
        screen.queryByRole('checkbox', { name: /^Pick: /, hidden: true }),
      ).toBeNull(),
    );
    expect(dialog).toBeInTheDocument();
    expect(within(dialog).getByText(/^Now: Approved/)).toBeVisible();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Close' }),
    );
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
  });

  it('rejects with a reason alone, and leaves out what cannot be read or approved', async () => {
    const decideRequests = jest.fn(async () => ({
      results: [{ id: 'r1', state: 'rejected' as const }],
    }));
    open({
      decideRequests,
      getRequest: async id => {
        if (id === 'r2') {
          throw new CallgateError({
            name: 'NotFoundError',
            message: 'There is no such access request.',
            status: 404,
          });
        }
        return request({
          approve: { allowed: false, reason: 'It cannot be enforced.' },
        });
      },
    });
    await pick('Checkout asks to GET /orders of Orders API');
    await pick(CART.summary);
    await userEvent.click(
      screen.getByRole('button', { name: 'Look and decide' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      await within(dialog).findByText('Left out: It cannot be enforced.'),
    ).toBeVisible();
    expect(
      within(dialog).getByText(
        'Could not be read: There is no such access request. It is left out.',
      ),
    ).toBeVisible();
    expect(
      within(dialog).getByRole('button', { name: 'Approve 0' }),
    ).toBeDisabled();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Reject 1' }),
    );
    expect(
      within(dialog).getByText('Say why you reject them.'),
    ).toBeInTheDocument();
    expect(decideRequests).not.toHaveBeenCalled();
    await userEvent.keyboard('Not like this');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Reject 1' }),
    );
    await waitFor(() =>
      expect(decideRequests).toHaveBeenCalledWith(
        {
          decisions: [
            { id: 'r1', decision: 'reject', version: 1, note: 'Not like this' },
          ],
        },
        expect.any(String),
      ),
    );
  });
});
