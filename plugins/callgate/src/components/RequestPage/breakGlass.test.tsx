import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateApi, callgateApiRef } from '../../api';
import { grantRouteRef, inboxRouteRef, proposalRouteRef } from '../../routes';
import { fakeCallgate, OMAR, PRIYA, request } from './__testUtils__/samples';
import { RequestPage } from './RequestPage';

const HOUR = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();

/** A request that went on before anybody approved it, merged. */
const glass = (changes: Partial<AccessRequest> = {}): AccessRequest =>
  request({
    state: 'merged',
    waitsFor: 'Waits for an owner of Orders API, afterwards',
    breakGlass: { afterwards: 'undecided', expiresAt: at(3) },
    askChange: { allowed: false, reason: 'The request is merged.' },
    withdraw: { allowed: false, reason: 'The request is merged.' },
    timeline: [
      { at: at(-2), actor: PRIYA, to: 'submitted', event: 'submit' },
      {
        at: at(-2),
        to: 'approved',
        event: 'break-glass',
        reason: 'It could not wait: it goes on before anybody approves it.',
      },
      { at: at(-1), to: 'merged', event: 'merge' },
    ],
    ...changes,
  });

function open(answers: Partial<CallgateApi>) {
  return renderInTestApp(<RequestPage />, {
    apis: [
      [callgateApiRef, fakeCallgate(answers)],
      mockApis.identity({ userEntityRef: 'user:default/omar' }),
    ],
    mountedRoutes: {
      '/grants/:id': grantRouteRef,
      '/requests': inboxRouteRef,
      '/proposals/:id': proposalRouteRef,
    },
    mountPath: '/requests/:id',
    initialRouteEntries: ['/requests/r1'],
  });
}

describe('what is decided afterwards', () => {
  afterEach(() => sessionStorage.clear());

  it('says what became of it and what a decision does, and is confirmed by the digest that is shown', async () => {
    const before = glass();
    const after = glass({
      breakGlass: { afterwards: 'confirmed', expiresAt: at(3) },
      approve: { allowed: false, reason: 'The request is merged.' },
      reject: { allowed: false, reason: 'The request is merged.' },
      timeline: [
        ...before.timeline,
        { at: at(0), actor: OMAR, to: 'merged', event: 'confirm' },
      ],
    });
    const approveRequest = jest.fn(async () => after);
    open({ getRequest: async () => before, approveRequest });
    expect(
      await screen.findByRole('heading', { name: 'Decide afterwards' }),
    ).toBeVisible();
    expect(
      screen.getByText('Break-glass · nobody has decided yet'),
    ).toBeVisible();
    expect(
      screen.getByText(
        /If you confirm it, its end is still asked for on .*; if you reject it, it goes no further, and what is merged already gets a pull request that ends it\./,
      ),
    ).toBeVisible();
    // Nothing can be given back, and what is shown is open already.
    expect(screen.getByLabelText('Note (needed to reject)')).toBeVisible();
    expect(
      screen.getByText(/^You decide about exactly what was opened/),
    ).toBeVisible();
    // Nobody has approved anything that it could be held against.
    expect(
      screen.getByText(
        'Proved before its pull request opened: it changes what was asked for, and nothing else.',
      ),
    ).toBeVisible();
    expect(screen.queryByText(/what was approved/)).toBeNull();
    expect(
      screen.queryByRole('button', { name: 'Ask for a change' }),
    ).toBeNull();
    expect(screen.queryByRole('button', { name: 'Withdraw' })).toBeNull();
    expect(
      screen.getByText('It could not wait: nobody had approved it'),
    ).toBeVisible();
    const confirm = screen.getByRole('button', { name: 'Confirm afterwards' });
    expect(await axe(document.body)).toHaveNoViolations();
    await userEvent.click(confirm);
    expect(approveRequest).toHaveBeenCalledWith('r1', {
      digest: before.digest,
      version: before.version,
    });
    expect(
      await screen.findByText(
        'Confirmed. Its end is still asked for when its time is over.',
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Break-glass · confirmed afterwards'),
    ).toBeVisible();
    expect(
      screen.queryByRole('button', { name: 'Confirm afterwards' }),
    ).toBeNull();
    // In the box of the decision, and in the timeline.
    expect(
      screen.getAllByText(/^Omar.* confirmed it afterwards/).length,
    ).toBeGreaterThan(0);
  });

  it('is rejected with a reason', async () => {
    const rejectRequest = jest.fn(async () =>
      glass({ breakGlass: { afterwards: 'rejected', expiresAt: at(3) } }),
    );
    open({ getRequest: async () => glass(), rejectRequest });
    const reject = await screen.findByRole('button', {
      name: 'Reject and end it',
    });
    await userEvent.click(reject);
    expect(rejectRequest).not.toHaveBeenCalled();
    await userEvent.type(screen.getByLabelText(/Note/), 'Not like this');
    await userEvent.click(reject);
    expect(rejectRequest).toHaveBeenCalledWith(
      'r1',
      expect.objectContaining({ reason: 'Not like this' }),
    );
    expect(
      await screen.findByText(
        'Rejected. It goes no further, and what is merged already gets a pull request that ends it. The requester is told why.',
      ),
    ).toBeInTheDocument();
  });

  it('offers no decision once its time is over', async () => {
    open({
      getRequest: async () =>
        glass({ breakGlass: { afterwards: 'undecided', expiresAt: at(-1) } }),
    });
    await screen.findByText('Break-glass · nobody has decided yet');
    expect(
      screen.queryByRole('button', { name: 'Confirm afterwards' }),
    ).toBeNull();
  });
});
