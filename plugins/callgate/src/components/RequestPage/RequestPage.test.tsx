import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import type {
  AccessRequest,
  EntityLabel,
  RequestState,
} from '@callgate/plugin-callgate-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateApi, callgateApiRef, CallgateError } from '../../api';
import { grantRouteRef, inboxRouteRef, proposalRouteRef } from '../../routes';
import {
  edge,
  fakeCallgate,
  label,
  meaning,
  need,
  OMAR,
  POST_ORDERS,
  PRIYA,
  request,
} from './__testUtils__/samples';
import { RequestPage } from './RequestPage';

function open(
  answers: Partial<CallgateApi>,
  userEntityRef = 'user:default/omar',
) {
  return renderInTestApp(<RequestPage />, {
    apis: [
      [callgateApiRef, fakeCallgate(answers)],
      mockApis.identity({ userEntityRef }),
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

const shows = (...versions: AccessRequest[]) => {
  const getRequest = jest.fn<Promise<AccessRequest>, [string]>();
  versions.forEach(version => getRequest.mockResolvedValueOnce(version));
  return getRequest.mockResolvedValue(versions[versions.length - 1]);
};
const conflict = (code: string, message: string) =>
  new CallgateError({ name: 'ConflictError', message, status: 409, code });

describe('RequestPage', () => {
  afterEach(() => sessionStorage.clear());

  it('says that it loads until the answer is there', async () => {
    open({ getRequest: () => new Promise(() => {}) });
    expect(
      await screen.findByRole('status', { name: 'Loading' }),
    ).toBeInTheDocument();
  });

  it.each([
    // It has made none before it is merged.
    [{ kind: 'new', state: 'submitted' }, false],
    [{ kind: 'new', state: 'merged' }, true],
    [{ kind: 'end', state: 'submitted' }, true],
    [{ kind: 'confirm', state: 'rejected' }, true],
  ] as const)(
    'leads from %p to the page of its grant: %p',
    async (change, leads) => {
      open({
        getRequest: shows(request({ ...change, grant: 'checkout-reads' })),
      });
      await screen.findByRole('heading', { name: 'Why' });
      const link = screen.queryByRole('link', {
        name: 'Grant and its history',
      });
      expect(link?.getAttribute('href')).toBe(
        leads ? '/grants/checkout-reads?of=api%3Adefault%2Forders' : undefined,
      );
    },
  );

  it('says that what people wrote was taken out, which is not that nobody gave a reason', async () => {
    open({
      getRequest: shows(
        request({ reason: '', textsBlankedAt: new Date().toISOString() }),
      ),
    });
    expect(
      await screen.findByText(/^What people wrote was taken out/),
    ).toBeInTheDocument();
    expect(screen.queryByText('No reason was given.')).toBeNull();
  });

  it('says accepted gaps in words', async () => {
    open({
      getRequest: shows(
        request({
          acknowledges: ['method-not-enforced', 'shared-service-account'],
          acceptedGaps: [
            'methods are not enforced',
            'a service account is shared',
          ],
        }),
      ),
    });
    expect(
      await screen.findByText(
        'Accepted gaps: methods are not enforced, a service account is shared',
      ),
    ).toBeInTheDocument();
  });

  it('names policies of others with what is decided on, and folds all but a few of them', async () => {
    open({
      getRequest: shows(
        request({
          meaning: meaning({
            others: Array.from({ length: 500 }, (_, index) => ({
              cluster: 'prod-eu',
              group: 'cilium.io',
              kind: 'CiliumNetworkPolicy',
              namespace: 'ordering',
              name: `guard-${index}`,
              may: 'open-or-refuse' as const,
              ends: ['a/Job/a', 'b/Job/b', 'c/Job/c', 'd/Job/d'],
            })),
          }),
        }),
      ),
    });
    const [others] = await screen.findAllByRole('list', {
      name: 'Policies of others',
    });
    expect(within(others).getAllByRole('listitem')).toHaveLength(3);
    expect(others).toHaveTextContent(
      'CiliumNetworkPolicy ordering/guard-0 (cilium.io) in prod-eu may refuse this, or open more. Callgate does not judge what it says. It touches a/Job/a, b/Job/b, c/Job/c and 1 more.',
    );
    expect(screen.getByText('497 more policies of others')).toBeInTheDocument();
  });

  it('says of a confirm request what was approved and what is new, and that Callgate asks', async () => {
    open({
      getRequest: shows(
        request({
          kind: 'confirm',
          byCallgate: true,
          requestedBy: {
            ref: 'callgate',
            kind: '',
            namespace: '',
            name: 'callgate',
            title: 'Callgate',
            state: 'visible',
          },
          summary:
            'Cart → POST /orders of Orders API now stands for 2 more workloads',
          confirms: {
            grant: 'cart-places-orders',
            approved: ['prod-eu:storefront/sa/cart'],
            added: ['checkout', 'web'].map(name => ({
              side: 'caller',
              entity: label('component:default/cart', 'Cart'),
              cluster: 'prod-eu',
              end: `storefront/Deployment/${name}`,
            })),
          },
        }),
      ),
    });
    expect(
      await screen.findByRole('heading', {
        name: 'Cart → POST /orders of Orders API now stands for 2 more workloads',
      }),
    ).toBeInTheDocument();
    const fresh = screen.getByRole('region', { name: 'New' });
    expect(
      within(fresh)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual([
      'Cart stands for storefront/Deployment/checkout in prod-eu',
      'Cart stands for storefront/Deployment/web in prod-eu',
    ]);
    expect(
      screen.getByRole('region', { name: 'Approved before' }),
    ).toHaveTextContent('prod-eu:storefront/sa/cart');
    expect(screen.getAllByText('Callgate').length).toBeGreaterThan(0);
    expect(screen.getByRole('button', { name: 'Approve' })).toBeEnabled();
    // Whoever hears of a rejection is the caller's team, and Callgate is nobody who could decide.
    expect(
      screen.getByPlaceholderText('What should the owners of Checkout know?'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/their own request/)).not.toBeInTheDocument();
  });

  it('names everybody whose approval decided', async () => {
    const approved = (
      who: EntityLabel,
      from: 'submitted',
      to: RequestState,
    ) => ({
      event: 'approve',
      from,
      to,
      actor: who,
      at: new Date().toISOString(),
    });
    open({
      getRequest: shows(
        request({
          state: 'proposed',
          timeline: [
            approved(OMAR, 'submitted', 'submitted'),
            approved(PRIYA, 'submitted', 'approved'),
          ],
        }),
      ),
    });
    const box = (
      await screen.findByRole('heading', { name: 'Decision' })
    ).closest('section');
    expect(box).toHaveTextContent('Omar approved');
    expect(box).toHaveTextContent('Priya approved');
  });

  it('marks a caller that only gets back what it had', async () => {
    open({
      getRequest: shows(
        request({
          meaning: meaning({
            restored: [
              edge({ caller: label('component:default/care', 'Care') }),
            ],
          }),
        }),
      ),
    });
    const row = (await screen.findByText('Care')).closest('tr');
    expect(row).toHaveTextContent('again');
  });

  it('is the 404 page for a request that the reader may not see', async () => {
    open({
      getRequest: async () => {
        throw new CallgateError({
          name: 'NotFoundError',
          message: 'No such request.',
          status: 404,
        });
      },
    });
    expect(await screen.findByText(/PAGE NOT FOUND/)).toBeInTheDocument();
    expect(screen.queryByText('No such request.')).not.toBeInTheDocument();
  });

  it('says why the pull request is not built, and who mends it', async () => {
    const stuck = request({
      state: 'approved',
      problem: {
        code: 'storage-failed',
        text: 'Nothing can be written to the data directory.',
        mender: 'platform-team',
      },
    });
    open({ getRequest: shows(stuck) });
    expect(
      await screen.findByText('The pull request cannot be built now.'),
    ).toBeInTheDocument();
    expect(screen.getByText(/Nothing can be written/)).toBeInTheDocument();
    expect(
      screen.getByText(/The platform team has to act/),
    ).toBeInTheDocument();
  });

  it('says what failed and tries again', async () => {
    const getRequest = shows(request()).mockReset();
    getRequest
      .mockRejectedValueOnce(
        new CallgateError({
          name: 'Error',
          message: 'Git is away.',
          status: 500,
        }),
      )
      .mockResolvedValue(request());
    open({ getRequest });
    expect(await screen.findByRole('alert')).toHaveTextContent('Git is away.');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('heading', { name: request().summary }),
    ).toBeInTheDocument();
  });

  it('shows what is asked, why, and who decides, without an accessibility fault', async () => {
    const { container } = open({ getRequest: shows(request()) });
    expect(
      await screen.findByRole('heading', { name: request().summary }),
    ).toBeInTheDocument();
    expect(screen.getByText('Waits for Orders team')).toBeInTheDocument();
    expect(
      screen.getByText('Order status on the confirmation page.'),
    ).toBeInTheDocument();
    expect(screen.getByText('5f2c 81d0')).toBeInTheDocument();
    expect(screen.getByText(/Can decide: Omar/)).toHaveTextContent(
      'Priya cannot decide on their own request.',
    );
    const steps = within(
      screen.getByRole('region', { name: 'Timeline' }),
    ).getAllByRole('listitem');
    expect(steps.map(step => step.textContent)).toEqual([
      expect.stringContaining('Priya asked'),
      'Orders team decides',
      'A pull request is opened',
      'The platform team merges it',
    ]);
    expect(await axe(container)).toHaveNoViolations();
  });

  describe('with two needs, one of them met', () => {
    const half = (changes: Partial<AccessRequest> = {}) =>
      request({
        waitsFor: 'Waits for 1 more of Security',
        needs: [
          need({
            kind: 'group',
            of: [label('group:default/security', 'Security')],
            count: 2,
            because: ['pci'],
            approvals: [{ by: OMAR, at: '2026-11-01T00:00:00.000Z' }],
            people: 3,
            names: [label('user:default/sam', 'Sam')],
            text: '1 of 2 approvals: Omar; waits for 1 more of Security (3 can decide)',
          }),
        ],
        idleApprovals: [
          {
            by: label('user:default/lena', 'Lena'),
            at: '2026-11-01T00:00:00.000Z',
            because: 'earlier-meaning',
          },
        ],
        ...changes,
      });

    it('says who has approved, who can still, why, and what does not count', async () => {
      const { container } = open({ getRequest: shows(half()) });
      const needs = await screen.findByRole('list', {
        name: 'Approvals it needs',
      });
      expect(needs).toHaveTextContent(
        '1 of 2 approvals: Omar; waits for 1 more of Security (3 can decide)',
      );
      expect(needs).toHaveTextContent('Asked for by the rule pci');
      expect(needs).toHaveTextContent('Lena approved an earlier meaning');
      expect(
        screen.getByText('Waits for 1 more of Security'),
      ).toBeInTheDocument();
      expect(screen.getByText(/Can decide: Sam, …/)).toBeInTheDocument();
      expect(screen.getByText('Security decides')).toBeInTheDocument();
      expect(await axe(container)).toHaveNoViolations();
    });

    it('lets the second person approve, and says what it waits for still', async () => {
      const approveRequest = jest.fn(async () =>
        half({
          waitsFor: 'Waits for Orders team',
          approve: {
            allowed: false,
            reason: 'You have approved this already.',
          },
        }),
      );
      open({ getRequest: shows(half()), approveRequest });
      await userEvent.click(
        await screen.findByRole('button', { name: 'Approve' }),
      );
      expect(
        await screen.findByText('Approved by you. Waits for Orders team.'),
      ).toBeInTheDocument();
      expect(screen.getByRole('button', { name: /Approve/ })).toBeDisabled();
    });
  });

  it('shows the files only when asked to', async () => {
    open({ getRequest: shows(request()) });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show diff' }),
    );
    expect(screen.getByText('policies/orders.yaml')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Hide diff' }));
    expect(screen.queryByText('policies/orders.yaml')).not.toBeInTheDocument();
  });

  it.each([
    [
      'submitted',
      'Callgate proves that it changes what was approved and nothing else before its pull request opens. The pull request has some lines more: who asked and approved, and a receipt.',
    ],
    [
      'proposed',
      'Proved before its pull request opened: it changes what was approved, and nothing else.',
    ],
    [
      'merged',
      'Proved before its pull request opened: it changes what was approved, and nothing else.',
    ],
  ] as const)(
    'says of a request that is %s what is proved of it, and nothing before it is',
    async (state, says) => {
      open({ getRequest: shows(request({ state })) });
      expect(await screen.findByText(says)).toBeInTheDocument();
      expect(screen.getAllByText(/\bprove/i)).toHaveLength(1);
    },
  );

  it.each(['withdrawn', 'rejected'] as const)(
    'says nothing of a proof of a request that is %s: there was none',
    async state => {
      open({ getRequest: shows(request({ state })) });
      expect(await screen.findByText(/^Files/)).toBeInTheDocument();
      expect(screen.queryByText(/\bprove/i)).not.toBeInTheDocument();
    },
  );

  it('approves the shown digest and version, and announces it', async () => {
    const approveRequest = jest.fn(async () =>
      request({
        state: 'approved',
        waitsFor: 'The pull request is being built',
      }),
    );
    open({
      getRequest: shows(
        request({ digest: 'old', currentDigest: 'shown', version: 7 }),
      ),
      approveRequest,
    });
    await userEvent.type(
      await screen.findByLabelText(
        'Note (needed to reject, or to ask for a change)',
      ),
      'Fine.',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Approve' }));
    expect(approveRequest).toHaveBeenCalledWith('r1', {
      digest: 'shown',
      version: 7,
      note: 'Fine.',
    });
    expect(
      await screen.findByText(
        'Approved. Callgate takes it into a pull request.',
      ),
    ).toHaveAttribute('role', 'status');
    expect(
      screen.queryByRole('button', { name: 'Approve' }),
    ).not.toBeInTheDocument();
  });

  it('rejects only with a reason', async () => {
    const rejectRequest = jest.fn(async () =>
      request({ state: 'rejected', waitsFor: '' }),
    );
    open({ getRequest: shows(request()), rejectRequest });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Reject' }),
    );
    expect(screen.getByText('Say why you reject it.')).toBeInTheDocument();
    expect(
      screen.getByLabelText('Note (needed to reject, or to ask for a change)'),
    ).toHaveFocus();
    expect(rejectRequest).not.toHaveBeenCalled();
    await userEvent.keyboard('Use the read model.');
    await userEvent.click(screen.getByRole('button', { name: 'Reject' }));
    expect(rejectRequest).toHaveBeenCalledWith('r1', {
      reason: 'Use the read model.',
      version: 1,
    });
    expect(await screen.findByText('Rejected')).toBeInTheDocument();
  });

  it('tells the requester why they cannot decide, and lets them withdraw', async () => {
    const reason = 'Nobody decides on their own request.';
    const withdrawRequest = jest.fn(async () =>
      request({ state: 'withdrawn', waitsFor: '', mine: true }),
    );
    open({
      getRequest: shows(
        request({
          mine: true,
          approve: { allowed: false, reason },
          reject: { allowed: false, reason },
          withdraw: { allowed: true },
        }),
      ),
      withdrawRequest,
    });
    expect(
      await screen.findByRole('button', { name: 'Approve' }),
    ).toBeDisabled();
    expect(screen.getByRole('button', { name: 'Reject' })).toBeDisabled();
    expect(screen.getByText(reason)).toBeInTheDocument();
    expect(
      screen.queryByLabelText(
        'Note (needed to reject, or to ask for a change)',
      ),
    ).not.toBeInTheDocument();
    const withdraw = screen.getByRole('button', { name: 'Withdraw' });
    await userEvent.click(withdraw);
    const asked = await screen.findByRole('dialog', {
      name: 'Withdraw request 214?',
    });
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(asked).not.toBeInTheDocument());
    expect(withdrawRequest).not.toHaveBeenCalled();
    expect(withdraw).toHaveFocus();
    await userEvent.click(withdraw);
    await userEvent.click(screen.getByRole('button', { name: 'Withdraw it' }));
    expect(withdrawRequest).toHaveBeenCalledWith('r1', { version: 1 });
    expect(await screen.findByText('Withdrawn.')).toBeInTheDocument();
  });

  it('shows what it meant when it was sent beside what it means now', async () => {
    open({
      getRequest: shows(
        request({
          meaningChanged: true,
          previousMeaning: meaning(),
          meaning: meaning({ gained: [edge({ operations: [POST_ORDERS] })] }),
        }),
      ),
    });
    const difference = within(
      await screen.findByRole('region', {
        name: 'What this opens has changed since it was sent',
      }),
    );
    expect(
      difference.getByText('/orders', {
        selector: 'section:first-of-type code',
      }),
    ).toHaveTextContent('GET /orders');
    expect(
      difference.getByText('/orders', {
        selector: 'section:last-of-type code',
      }),
    ).toHaveTextContent('POST /orders');
    expect(screen.getByRole('button', { name: 'Approve' })).toBeEnabled();
  });

  it('reads again when the meaning changed meanwhile, and lets nobody approve before they have looked', async () => {
    const now = request({
      version: 2,
      currentDigest: 'now',
      meaning: meaning({
        gained: [edge({ operations: [POST_ORDERS] })],
        text: '1 caller, writes',
      }),
    });
    const approveRequest = jest
      .fn<Promise<AccessRequest>, [string, object]>()
      .mockRejectedValueOnce(
        conflict('meaning-changed', 'What this request opens has changed.'),
      )
      .mockResolvedValue(request({ state: 'approved' }));
    open({ getRequest: shows(request(), now), approveRequest });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve' }),
    );
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'What this request opens has changed.',
    );
    expect(
      await screen.findByRole('region', {
        name: 'What this opens has changed while you looked at it',
      }),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Approve' })).toBeDisabled();
    expect(
      screen.getByText('Look at the difference first.'),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'I have looked at the difference' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Approve' }));
    expect(approveRequest).toHaveBeenLastCalledWith('r1', {
      digest: 'now',
      version: 2,
    });
  });

  describe('who has looked at one meaning', () => {
    const grown = (digest: string) =>
      request({
        currentDigest: digest,
        meaning: meaning({ gained: [edge({ operations: [POST_ORDERS] })] }),
      });
    const approve = () => screen.findByRole('button', { name: 'Approve' });
    const look = () =>
      screen.findByRole('button', { name: 'I have looked at the difference' });

    it('has to look at the difference also after the page was loaded anew', async () => {
      const first = open({ getRequest: shows(request()) });
      expect(await approve()).toBeEnabled();
      first.unmount();
      const second = open({ getRequest: shows(grown('now')) });
      expect(await look()).toBeInTheDocument();
      expect(await approve()).toBeDisabled();
      second.unmount();
      open({ getRequest: shows(grown('now')) });
      expect(await approve()).toBeDisabled();
      await userEvent.click(await look());
      expect(await approve()).toBeEnabled();
    });

    it('is asked once for one difference, and again for another', async () => {
      const first = open({ getRequest: shows(request()) });
      await approve();
      first.unmount();
      const second = open({ getRequest: shows(grown('now')) });
      await userEvent.click(await look());
      second.unmount();
      const third = open({ getRequest: shows(grown('now')) });
      expect(await approve()).toBeEnabled();
      expect(
        screen.queryByRole('button', {
          name: 'I have looked at the difference',
        }),
      ).not.toBeInTheDocument();
      third.unmount();
      open({ getRequest: shows(grown('later')) });
      expect(await look()).toBeInTheDocument();
      expect(await approve()).toBeDisabled();
    });

    it('is nobody else: whoever signs in after them begins for themselves', async () => {
      const first = open({ getRequest: shows(request()) });
      await approve();
      first.unmount();
      open({ getRequest: shows(grown('now')) }, 'user:default/lena');
      expect(await approve()).toBeEnabled();
    });
  });

  it('goes on from the title after a decision, whose button is gone', async () => {
    open({
      getRequest: shows(request()),
      approveRequest: async () => request({ state: 'approved' }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve' }),
    );
    await waitFor(() =>
      expect(
        screen.getByRole('heading', {
          name: 'Checkout asks to GET /orders of Orders API',
        }),
      ).toHaveFocus(),
    );
  });

  it('names who has asked for changes of its pull request', async () => {
    open({
      getRequest: shows(
        request({
          state: 'proposed',
          objections: [
            {
              by: label('user:default/petra', 'Petra'),
              at: '2026-11-01T10:00:00Z',
            },
            {
              by: label('user:default/petra', 'Petra'),
              at: '2026-11-02T10:00:00Z',
            },
          ],
        }),
      ),
    });
    expect(
      await screen.findByText('Changes requested by Petra'),
    ).toBeInTheDocument();
  });

  it('says how it was decided when somebody else was faster', async () => {
    open({
      getRequest: shows(
        request(),
        request({
          state: 'rejected',
          waitsFor: '',
          approve: { allowed: false, reason: 'The request is rejected.' },
          reject: { allowed: false, reason: 'The request is rejected.' },
          timeline: [
            {
              at: new Date().toISOString(),
              actor: OMAR,
              from: 'submitted',
              to: 'rejected',
              event: 'reject',
              reason: 'Not now.',
            },
          ],
        }),
      ),
      approveRequest: async () => {
        throw conflict('version-conflict', 'Somebody else has changed it.');
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve' }),
    );
    expect(await screen.findAllByText(/Omar rejected it/)).not.toHaveLength(0);
    expect(screen.getByRole('alert')).toHaveTextContent('It is now: Rejected.');
    // Beside the decision and in the timeline.
    expect(screen.getAllByText('Not now.')).toHaveLength(2);
    expect(
      screen.queryByRole('button', { name: 'Approve' }),
    ).not.toBeInTheDocument();
  });

  it('keeps the note and says what failed when a decision could not be sent', async () => {
    open({
      getRequest: shows(request()),
      approveRequest: async () => {
        throw new Error('No network.');
      },
    });
    await userEvent.type(
      await screen.findByLabelText(
        'Note (needed to reject, or to ask for a change)',
      ),
      'Fine.',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Approve' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('No network.');
    expect(
      screen.getByLabelText('Note (needed to reject, or to ask for a change)'),
    ).toHaveValue('Fine.');
  });

  it('leads to the pull request that carries it', async () => {
    open({
      getRequest: shows(
        request({
          state: 'merged',
          waitsFor: '',
          proposal: { id: 'p1', number: 41, state: 'merged' },
        }),
      ),
    });
    expect(
      await screen.findByRole('link', { name: 'Pull request #41' }),
    ).toHaveAttribute('href', '/proposals/p1');
  });

  describe('on a phone', () => {
    const { matchMedia } = window;
    beforeEach(() => {
      // Answers like a window that is 390 px wide.
      window.matchMedia = query => {
        const most = /max-width:\s*([\d.]+)px/.exec(query);
        const least = /min-width:\s*([\d.]+)px/.exec(query);
        return {
          media: query,
          matches:
            (most !== null || least !== null) &&
            Number(most?.[1] ?? 390) >= 390 &&
            Number(least?.[1] ?? 0) <= 390,
          onchange: null,
          addListener: () => {},
          removeListener: () => {},
          addEventListener: () => {},
          removeEventListener: () => {},
          dispatchEvent: () => false,
        };
      };
    });
    afterEach(() => {
      window.matchMedia = matchMedia;
    });

    it('keeps the meaning in one line and the decision in one bar', async () => {
      const approveRequest = jest.fn(async () =>
        request({ state: 'approved' }),
      );
      const { container } = open({
        getRequest: shows(request()),
        approveRequest,
      });
      const bar = within(
        await screen.findByRole('region', { name: 'Decide here' }),
      );
      expect(
        bar.getByText('Checkout asks to GET /orders of Orders API'),
      ).toBeInTheDocument();
      expect(screen.getAllByRole('button', { name: 'Approve' })).toHaveLength(
        1,
      );
      expect(await axe(container)).toHaveNoViolations();
      await userEvent.click(bar.getByRole('button', { name: 'Approve' }));
      expect(approveRequest).toHaveBeenCalled();
    });
  });
});
