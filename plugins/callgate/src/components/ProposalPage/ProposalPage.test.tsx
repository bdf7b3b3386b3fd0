import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { Proposal } from '@callgate/plugin-callgate-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateApi, callgateApiRef, CallgateError } from '../../api';
import { proposalsRouteRef, requestRouteRef } from '../../routes';
import {
  fakeCallgate,
  HEAD,
  OMAR,
  proposal,
} from '../RequestPage/__testUtils__/samples';
import { ProposalPage } from './ProposalPage';

function open(answers: Partial<CallgateApi>) {
  return renderInTestApp(<ProposalPage />, {
    apis: [[callgateApiRef, fakeCallgate(answers)]],
    mountedRoutes: {
      '/proposals': proposalsRouteRef,
      '/requests/:id': requestRouteRef,
    },
    mountPath: '/proposals/:id',
    initialRouteEntries: ['/proposals/p1'],
  });
}

const shows = (...versions: Proposal[]) => {
  const getProposal = jest.fn<Promise<Proposal>, [string]>();
  versions.forEach(version => getProposal.mockResolvedValueOnce(version));
  // Every answer is an object of its own, as those of a backend are: the page asks again while it is open.
  return getProposal.mockImplementation(async () => ({
    ...versions[versions.length - 1],
  }));
};

describe('ProposalPage', () => {
  it('says that it loads until the answer is there', async () => {
    open({ getProposal: () => new Promise(() => {}) });
    expect(
      await screen.findByRole('status', { name: 'Loading' }),
    ).toBeInTheDocument();
  });

  it('is the 404 page for a pull request that the reader may not see', async () => {
    open({
      getProposal: async () => {
        throw new CallgateError({
          name: 'NotAllowedError',
          message: 'Not for you.',
          status: 403,
        });
      },
    });
    expect(await screen.findByText(/PAGE NOT FOUND/)).toBeInTheDocument();
  });

  it('says what failed and tries again', async () => {
    const getProposal = jest
      .fn<Promise<Proposal>, [string]>()
      .mockRejectedValueOnce(
        new CallgateError({
          name: 'Error',
          message: 'Git is away.',
          status: 500,
        }),
      )
      .mockResolvedValue(proposal());
    open({ getProposal });
    expect(await screen.findByRole('alert')).toHaveTextContent('Git is away.');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('heading', { name: proposal().title }),
    ).toBeInTheDocument();
  });

  it('shows what it changes, its own words, files, checks, requests and commits', async () => {
    const { container } = open({ getProposal: shows(proposal()) });
    expect(
      await screen.findByRole('heading', { name: proposal().title }),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Callgate opens this pull request for Orders API.'),
    ).toBeInTheDocument();
    expect(screen.getByText('policies/orders.yaml')).toBeInTheDocument();
    const checks = within(screen.getByRole('region', { name: /Checks/ }));
    expect(checks.getByText('passed')).toBeInTheDocument();
    expect(checks.getByText('4 edges agree.')).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'Checkout → GET /orders' }),
    ).toHaveAttribute('href', '/requests/r1');
    expect(
      screen.getByText('Grant checkout access to orders'),
    ).toBeInTheDocument();
    expect(screen.getByText('Nobody has reviewed it.')).toBeInTheDocument();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('approves without a comment, and requests changes only with one', async () => {
    const reviewProposal = jest.fn(async () =>
      proposal({
        reviews: [
          {
            by: OMAR,
            decision: 'approved',
            at: new Date().toISOString(),
            outdated: false,
          },
        ],
      }),
    );
    open({ getProposal: shows(proposal()), reviewProposal });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Request changes' }),
    );
    expect(screen.getByText('Write what you want to say.')).toBeInTheDocument();
    expect(reviewProposal).not.toHaveBeenCalled();
    const field = screen.getByLabelText('Comment (needed to request changes)');
    expect(field).toHaveFocus();
    await userEvent.type(field, 'Staging too, please.');
    await userEvent.click(
      screen.getByRole('button', { name: 'Request changes' }),
    );
    expect(reviewProposal).toHaveBeenLastCalledWith('p1', {
      decision: 'changes-requested',
      head: HEAD,
      comment: 'Staging too, please.',
    });
    expect(await screen.findByText('Your review is recorded.')).toHaveAttribute(
      'role',
      'status',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Approve' }));
    expect(reviewProposal).toHaveBeenLastCalledWith('p1', {
      decision: 'approved',
      head: HEAD,
    });
    expect(
      await screen.findByText(/Omar approved|approved/),
    ).toBeInTheDocument();
  });

  it('merges only after it has asked once more', async () => {
    const mergeProposal = jest.fn(async () =>
      proposal({ state: 'merged', waitsFor: '' }),
    );
    open({ getProposal: shows(proposal()), mergeProposal });
    await userEvent.click(await screen.findByRole('button', { name: 'Merge' }));
    const dialog = within(
      await screen.findByRole('dialog', { name: 'Merge this pull request?' }),
    );
    expect(mergeProposal).not.toHaveBeenCalled();
    await userEvent.click(dialog.getByRole('button', { name: 'Cancel' }));
    expect(mergeProposal).not.toHaveBeenCalled();
    await userEvent.click(await screen.findByRole('button', { name: 'Merge' }));
    await userEvent.click(
      await screen.findByRole('button', { name: 'Merge now' }),
    );
    expect(mergeProposal).toHaveBeenCalledWith('p1', { head: HEAD });
    expect(await screen.findByText('Merged.')).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Merge' }),
    ).not.toBeInTheDocument();
  });

  it('says that Callgate merges it by itself, or why not', async () => {
    const byItself =
      'Callgate does not merge it by itself: somebody has asked for changes. The platform team may.';
    open({ getProposal: shows(proposal({ byItself })) });
    expect(await screen.findByText(byItself)).toBeInTheDocument();
  });

  it('says until when what it grants holds, beside what it changes and before the merge', async () => {
    const [carried] = proposal().requests;
    open({
      getProposal: shows(
        proposal({
          requests: [
            { ...carried, until: '2099-03-01' },
            { ...carried, id: 'r2', until: '' },
            { ...carried, id: 'r3' },
          ],
        }),
      ),
    });
    const days = await screen.findByRole('list', { name: 'Last days' });
    const lines = within(days).getAllByRole('listitem');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toHaveTextContent(/^Checkout: until 1 March 2099/);
    expect(lines[1]).toHaveTextContent(/^Checkout: no last day$/);
    expect(
      screen.getByRole('region', { name: 'What this changes' }),
    ).toContainElement(days);
    await userEvent.click(screen.getByRole('button', { name: 'Merge' }));
    expect(
      within(await screen.findByRole('dialog')).getByText(/until 1 March 2099/),
    ).toBeVisible();
  });

  it('reads again when it has changed before the merge, and says so', async () => {
    const getProposal = shows(
      proposal(),
      proposal({ title: 'Access to Orders API: Checkout, Cart' }),
    );
    open({
      getProposal,
      mergeProposal: async () => {
        throw new CallgateError({
          name: 'ConflictError',
          message: 'What it would do has changed since it was built.',
          status: 409,
          code: 'proposal-outdated',
        });
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Merge' }));
    await userEvent.click(
      await screen.findByRole('button', { name: 'Merge now' }),
    );
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'What it would do has changed since it was built.',
    );
    expect(
      await screen.findByRole('heading', { name: /Checkout, Cart/ }),
    ).toBeInTheDocument();
  });

  it('merges the version that its reader began with, says what came since, and then merges what they have read again', async () => {
    const later = proposal({
      head: 'b'.repeat(40),
      title: 'Access to Orders API: Checkout, Cart',
    });
    const mergeProposal = jest
      .fn<Promise<Proposal>, [string, { head: string }]>()
      .mockRejectedValueOnce(
        new CallgateError({
          name: 'ConflictError',
          message: 'Since it was shown to you, Cart → GET /orders came in.',
          status: 409,
          code: 'head-changed',
        }),
      )
      .mockResolvedValue({ ...later, state: 'merged' });
    open({ getProposal: shows(proposal(), later), mergeProposal });
    const merge = async () => {
      await userEvent.click(
        await screen.findByRole('button', { name: 'Merge' }),
      );
      await userEvent.click(
        await screen.findByRole('button', { name: 'Merge now' }),
      );
    };
    await merge();
    expect(mergeProposal).toHaveBeenLastCalledWith('p1', { head: HEAD });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'It has changed since you read it. Since it was shown to you, Cart → GET /orders came in.',
    );
    expect(
      await screen.findByRole('heading', { name: /Checkout, Cart/ }),
    ).toBeInTheDocument();
    await merge();
    expect(mergeProposal).toHaveBeenLastCalledWith('p1', { head: later.head });
  });

  const objection = {
    id: 'o1',
    by: OMAR,
    at: new Date().toISOString(),
    head: 'c0ffee12'.repeat(5),
    comment: 'Too wide',
    own: true,
    takeBack: { allowed: true },
  };

  it('shows who objected on which version, and takes one’s own objection back', async () => {
    const reviewProposal = jest.fn(async () => proposal());
    const { container } = open({
      getProposal: shows(proposal({ objections: [objection] })),
      reviewProposal,
    });
    const panel = within(
      await screen.findByRole('region', { name: /Objections/ }),
    );
    expect(panel.getByText(/requested changes on/)).toHaveTextContent(
      /Omar.*c0ffee1/,
    );
    expect(panel.getByText('Too wide')).toBeInTheDocument();
    expect(await axe(container)).toHaveNoViolations();
    await userEvent.click(panel.getByRole('button', { name: 'Take it back' }));
    expect(reviewProposal).toHaveBeenCalledWith('p1', {
      decision: 'withdrawn',
      objection: 'o1',
      head: HEAD,
    });
    expect(
      await screen.findByText('The objection is taken back.'),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('region', { name: /Objections/ }),
    ).not.toBeInTheDocument();
  });

  it('takes the objection of somebody else back only with a reason', async () => {
    const reviewProposal = jest.fn(async () => proposal());
    open({
      getProposal: shows(
        proposal({ objections: [{ ...objection, own: false }] }),
      ),
      reviewProposal,
    });
    const button = await screen.findByRole('button', { name: 'Take it back' });
    await userEvent.click(button);
    expect(
      screen.getByText('Say why: everybody can read it.'),
    ).toBeInTheDocument();
    expect(reviewProposal).not.toHaveBeenCalled();
    const field = screen.getByLabelText('Why it does not count any more');
    expect(field).toHaveFocus();
    await userEvent.type(field, 'Agreed with Omar');
    await userEvent.click(button);
    expect(reviewProposal).toHaveBeenCalledWith(
      'p1',
      expect.objectContaining({
        decision: 'withdrawn',
        comment: 'Agreed with Omar',
      }),
    );
  });

  it('says which approval does not count, and which objection was taken back by whom', async () => {
    const at = new Date().toISOString();
    open({
      getProposal: shows(
        proposal({
          reviews: [
            {
              by: OMAR,
              decision: 'approved',
              at,
              head: 'c0ffee12'.repeat(5),
              outdated: true,
            },
            {
              by: { ...OMAR, ref: 'user:default/pavel', title: 'Pavel' },
              of: OMAR,
              decision: 'withdrawn',
              at,
              head: HEAD,
              outdated: false,
            },
          ],
        }),
      ),
    });
    expect(
      await screen.findByText(
        'on an earlier version, c0ffee1: it does not count',
      ),
    ).toBeInTheDocument();
    expect(screen.getByText(/took back the objection of/)).toHaveTextContent(
      /Pavel took back the objection of .*Omar/,
    );
  });

  it('says that somebody else has pushed onto the branch', async () => {
    open({
      getProposal: shows(
        proposal({ drift: { built: HEAD, found: 'd'.repeat(40) } }),
      ),
    });
    expect(
      await screen.findByText('Somebody else has pushed onto the branch'),
    ).toBeInTheDocument();
    expect(screen.getByText(/The branch is at ddddddd/)).toBeInTheDocument();
  });

  it('says why somebody may neither review nor merge, once', async () => {
    const reason = 'Only the platform team reviews pull requests.';
    open({
      getProposal: shows(
        proposal({
          review: { allowed: false, reason },
          merge: { allowed: false, reason },
        }),
      ),
    });
    expect(await screen.findByText(reason)).toBeInTheDocument();
    for (const name of ['Approve', 'Request changes', 'Comment', 'Merge']) {
      expect(screen.getByRole('button', { name })).toBeDisabled();
    }
  });

  it('names the files in conflict', async () => {
    open({
      getProposal: shows(
        proposal({
          conflicts: ['policies/orders.yaml'],
          merge: {
            allowed: false,
            reason: 'Conflicts with the target branch.',
          },
        }),
      ),
    });
    expect(
      await screen.findByText('It conflicts with the target branch'),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Merge' })).toBeDisabled();
    expect(
      screen.getByText('Conflicts with the target branch.'),
    ).toBeInTheDocument();
  });

  it('leads to the forge where that is where pull requests are reviewed', async () => {
    open({
      getProposal: shows(
        proposal({
          forge: 'github',
          reviewsInPortal: false,
          url: 'https://github.example/shop/policies/pull/41',
          review: { allowed: false },
          merge: { allowed: false },
        }),
      ),
    });
    // Says of itself that it opens a new window.
    const link = await screen.findByRole('button', { name: /Open on GitHub/ });
    expect(link).toHaveAttribute(
      'href',
      'https://github.example/shop/policies/pull/41',
    );
    expect(
      screen.queryByRole('button', { name: 'Merge' }),
    ).not.toBeInTheDocument();
  });
});
