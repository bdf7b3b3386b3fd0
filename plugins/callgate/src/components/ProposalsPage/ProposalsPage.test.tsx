import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import {
  CallgateApi,
  callgateApiRef,
  CallgateError,
  ProposalQuery,
} from '../../api';
import { proposalRouteRef } from '../../routes';
import { fakeCallgate, proposal } from '../RequestPage/__testUtils__/samples';
import { ProposalsPage } from './ProposalsPage';

function open(answers: Partial<CallgateApi>, path = '/access/proposals') {
  return renderInTestApp(<ProposalsPage />, {
    apis: [[callgateApiRef, fakeCallgate(answers)]],
    mountedRoutes: { '/access/proposals/:id': proposalRouteRef },
    initialRouteEntries: [path],
  });
}

describe('ProposalsPage', () => {
  it('says that it loads until the answer is there', async () => {
    open({ listProposals: () => new Promise(() => {}) });
    expect(
      await screen.findByRole('status', { name: 'Loading' }),
    ).toBeInTheDocument();
  });

  it('lists what is not finished: open, being built and failed', async () => {
    const listProposals = jest.fn(async (_query: ProposalQuery) => ({
      items: [
        proposal(),
        proposal({
          id: 'p2',
          number: undefined,
          title: 'Access to Payments',
          state: 'failed',
          problem: 'The forge is away.',
        }),
      ],
      total: 2,
    }));
    const { container } = open({ listProposals });
    expect(
      await screen.findByRole('link', {
        name: 'Access to Orders API: Checkout #41',
      }),
    ).toHaveAttribute('href', '/access/proposals/p1');
    expect(screen.getByText('Waits for the platform team')).toBeInTheDocument();
    expect(screen.getByText('The forge is away.')).toBeInTheDocument();
    expect(listProposals.mock.calls[0][0].state).toEqual([
      'building',
      'open',
      'failed',
    ]);
    expect(await axe(container)).toHaveNoViolations();
  });

  it('shows the platform team what is theirs to mend, with file and line', async () => {
    const { container } = open({
      listProposals: async () => ({
        items: [],
        total: 0,
        findings: [
          {
            code: 'approvals-invalid',
            severity: 'error',
            title: 'The rules of who approves cannot be used',
            message: 'spec.rules[0].when does not compile',
            fix: 'Correct the rule at the place named. Until then the last version of the file that could be read holds.',
            objects: ['approvals.yaml'],
            at: { file: 'approvals.yaml', line: 6 },
          },
        ],
      }),
    });
    const panel = await screen.findByRole('region', {
      name: 'To be corrected by the platform team',
    });
    expect(panel).toHaveTextContent('spec.rules[0].when does not compile');
    expect(panel).toHaveTextContent('approvals.yaml:6');
    expect(panel).toHaveTextContent('the last version of the file');
    expect(await axe(container)).toHaveNoViolations();
  });

  it('asks for what the tab says', async () => {
    const listProposals = jest.fn(async (_query: ProposalQuery) => ({
      items: [],
      total: 0,
    }));
    open({ listProposals });
    await userEvent.click(await screen.findByRole('tab', { name: 'Merged' }));
    expect(
      await screen.findByText('No pull request for access has been merged.'),
    ).toBeInTheDocument();
    expect(listProposals.mock.calls.pop()?.[0].state).toEqual(['merged']);
  });

  it('says what failed and tries again', async () => {
    const listProposals = jest
      .fn<ReturnType<CallgateApi['listProposals']>, []>()
      .mockRejectedValueOnce(
        new CallgateError({ name: 'Error', message: 'Away.', status: 500 }),
      )
      .mockResolvedValue({ items: [proposal()], total: 1 });
    open({ listProposals });
    expect(await screen.findByRole('alert')).toHaveTextContent('Away.');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('link', { name: /Access to Orders API/ }),
    ).toBeInTheDocument();
  });

  it('says that a reader who may not see them may not', async () => {
    open({
      listProposals: async () => {
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
