import { renderInTestApp } from '@backstage/frontend-test-utils';
import type {
  ClaimList,
  WorkloadClaim,
} from '@callgate/plugin-callgate-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateApi, callgateApiRef, CallgateError } from '../../api';
import { claimsRouteRef, proposalsRouteRef } from '../../routes';
import {
  fakeCallgate,
  HEAD,
  label,
  ORDERS,
} from '../RequestPage/__testUtils__/samples';
import { ProposalsPage } from '../ProposalsPage';
import { ClaimsPage } from './ClaimsPage';

const INSIGHT = label('group:default/insight-team', 'Insight team');
const SECURITY = label('group:default/security', 'Security');
const FIGURES = label('resource:default/key-figures', 'Key figures');
const METRICS = label('resource:default/metrics', 'Metrics');

function claim(changes: Partial<WorkloadClaim> = {}): WorkloadClaim {
  return {
    cluster: 'prod-eu',
    workload: 'monitoring/StatefulSet/prometheus',
    state: 'contested',
    parties: [
      {
        entity: FIGURES,
        owners: [INSIGHT],
        state: 'contested',
        registeredAt: 'url:https://git.example/insight/catalog.yaml',
      },
      { entity: METRICS, owners: [SECURITY], state: 'contested' },
    ],
    concerns: [{ api: ORDERS, caller: FIGURES }],
    choices: [
      { owner: INSIGHT, holds: [FIGURES] },
      { owner: SECURITY, holds: [METRICS] },
    ],
    line: '- { namespaces: [monitoring], owner: group:default/OWNER }',
    settle: { allowed: true },
    ...changes,
  };
}

const settlement = (
  changes: Partial<NonNullable<WorkloadClaim['settlement']>> = {},
): NonNullable<WorkloadClaim['settlement']> => ({
  number: 7,
  branch: 'callgate-owners/prod-eu/prometheus',
  head: HEAD,
  current: true,
  owner: INSIGHT,
  files: [
    {
      path: 'profiles/prod-eu.yaml',
      status: 'changed',
      before: 'owners:\n',
      after: 'owners:\n  - { namespaces: [monitoring] }\n',
      additions: 1,
      deletions: 0,
      kind: 'other',
    },
  ],
  forge: 'local',
  reviewsInPortal: true,
  merge: { allowed: true },
  ...changes,
});

function claims(changes: Partial<ClaimList> = {}): ClaimList {
  return {
    contested: [claim()],
    refused: [],
    outside: [],
    unseen: 0,
    source: {
      branch: 'main',
      readAt: new Date().toISOString(),
      stale: false,
    },
    ...changes,
  };
}

function open(answers: Partial<CallgateApi>) {
  return renderInTestApp(<ClaimsPage />, {
    apis: [[callgateApiRef, fakeCallgate(answers)]],
    mountedRoutes: { '/access/proposals': proposalsRouteRef },
  });
}

const failure = (
  status: number,
  name: string,
  message: string,
  code?: string,
) => new CallgateError({ name, message, status, code });

describe('ClaimsPage', () => {
  it('says that it loads until the answer is there', async () => {
    open({ getClaims: () => new Promise(() => {}) });
    expect(
      await screen.findByRole('status', { name: 'Loading' }),
    ).toBeInTheDocument();
  });

  it('says who claims what, who registered it, and what is held because of it', async () => {
    const { container } = open({ getClaims: async () => claims() });
    const panel = await screen.findByRole('region', {
      name: 'monitoring/StatefulSet/prometheus in prod-eu',
    });
    const [figures, metrics] = within(
      within(panel).getByRole('list', { name: 'Who claims it' }),
    ).getAllByRole('listitem');
    expect(figures).toHaveTextContent(
      /Key figures.*owned by Insight team.*contested.*insight\/catalog\.yaml/,
    );
    expect(metrics).toHaveTextContent(/registered at an unknown place/);
    expect(panel).toHaveTextContent(
      /Held because of it.*Key figures on Orders/,
    );
    expect(await axe(container)).toHaveNoViolations();
  });

  it('prepares a pull request for the chosen owner, shows what it changes, and merges what was shown', async () => {
    const getClaims = jest
      .fn<Promise<ClaimList>, []>()
      .mockResolvedValueOnce(claims())
      .mockResolvedValue(claims({ contested: [] }));
    const settleClaim = jest.fn(async () =>
      claim({ settlement: settlement() }),
    );
    const mergeClaim = jest.fn(async () =>
      claim({ state: 'settled', owner: INSIGHT, statedBy: 'profile' }),
    );
    const { container } = open({ getClaims, settleClaim, mergeClaim });
    const prepare = await screen.findByRole('button', {
      name: 'Prepare pull request',
    });
    expect(prepare).toBeDisabled();
    expect(prepare).toHaveAccessibleDescription('Choose whose it is first.');
    await userEvent.click(screen.getByRole('radio', { name: /Insight team/ }));
    await userEvent.click(
      screen.getByRole('button', { name: 'Prepare pull request' }),
    );
    expect(settleClaim).toHaveBeenCalledWith(
      expect.objectContaining({ cluster: 'prod-eu' }),
      { owner: INSIGHT.ref },
    );
    expect(
      await screen.findByRole('region', {
        name: 'Changes in profiles/prod-eu.yaml',
      }),
    ).toHaveTextContent(/namespaces: \[monitoring\]/);
    expect(await axe(container)).toHaveNoViolations();
    await userEvent.click(screen.getByRole('button', { name: 'Merge' }));
    expect(mergeClaim).toHaveBeenCalledWith(expect.anything(), { head: HEAD });
    const done = await screen.findByText(/is settled: it belongs to Insight/);
    await waitFor(() => expect(done).toHaveFocus());
    expect(await screen.findByText('Nobody contests a claim.')).toBeVisible();
  });

  it('gives it to somebody who claims nothing by their reference', async () => {
    const settleClaim = jest.fn(async () => claim());
    open({ getClaims: async () => claims(), settleClaim });
    await userEvent.click(
      await screen.findByRole('radio', { name: 'Another group or user' }),
    );
    await userEvent.type(
      screen.getByRole('textbox', { name: 'Reference of a group or user' }),
      ' group:default/platform ',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Prepare pull request' }),
    );
    expect(settleClaim).toHaveBeenCalledWith(expect.anything(), {
      owner: 'group:default/platform',
    });
  });

  it('has the buttons, disabled with the reason, for whoever owns a claimant', async () => {
    const no = { allowed: false, reason: 'Nobody decides for themselves.' };
    const own = claim({
      settle: no,
      settlement: settlement({ merge: no }),
    });
    open({ getClaims: async () => claims({ contested: [own] }) });
    for (const name of ['Change the pull request', 'Merge']) {
      const button = await screen.findByRole('button', { name });
      expect(button).toBeDisabled();
      expect(button).toHaveAccessibleDescription(no.reason);
    }
    expect(
      screen.getByText(/namespaces: \[monitoring\], owner/),
    ).toBeInTheDocument();
  });

  it('says that the pull request has changed, and reads it again, when another one was merged for', async () => {
    const getClaims = jest.fn(async () =>
      claims({ contested: [claim({ settlement: settlement() })] }),
    );
    const mergeClaim = jest
      .fn()
      .mockRejectedValue(
        failure(409, 'ConflictError', 'It has changed.', 'head-changed'),
      );
    open({ getClaims, mergeClaim });
    await userEvent.click(await screen.findByRole('button', { name: 'Merge' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'It has changed.',
    );
    await waitFor(() => expect(getClaims).toHaveBeenCalledTimes(2));
  });

  it('leads to a hosted forge, where it is merged', async () => {
    const hosted = settlement({
      forge: 'github',
      reviewsInPortal: false,
      url: 'https://git.example/pulls/7',
    });
    open({
      getClaims: async () =>
        claims({ contested: [claim({ settlement: hosted })] }),
    });
    expect(
      await screen.findByRole('button', { name: /Open the pull request/ }),
    ).toHaveAttribute('href', 'https://git.example/pulls/7');
    expect(screen.queryByRole('button', { name: 'Merge' })).toBeNull();
  });

  it('folds what is refused, and says of what is outside which line settles it', async () => {
    const { container } = open({
      getClaims: async () =>
        claims({
          contested: [],
          refused: [
            claim({
              state: 'refused',
              owner: SECURITY,
              statedBy: 'profile',
              choices: [],
              settle: { allowed: false, reason: 'Somebody states it.' },
            }),
          ],
          outside: [
            {
              kind: 'addresses',
              target: '10.1.0.0/16',
              state: 'contested',
              parties: claim().parties,
              line: "- { cidrs: ['10.1.0.0/16'], owner: group:default/OWNER }",
            },
          ],
          unseen: 2,
        }),
    });
    const folded = await screen.findByText('1 refused claim');
    expect(screen.getByText(/It belongs to/)).not.toBeVisible();
    await userEvent.click(folded);
    expect(screen.getByText(/It belongs to/)).toHaveTextContent(
      'It belongs to Security, as the platform profile says.',
    );
    expect(
      screen.getByText(/cidrs: \['10\.1\.0\.0\/16'\]/),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/2 more are claimed by something that you may not see/),
    ).toBeInTheDocument();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('is the 404 page for whoever is not in the platform team', async () => {
    open({
      getClaims: async () => {
        throw failure(404, 'NotFoundError', 'There is nothing here');
      },
    });
    expect(await screen.findByText(/PAGE NOT FOUND/)).toBeInTheDocument();
  });

  it('says what failed and tries again', async () => {
    const getClaims = jest
      .fn<Promise<ClaimList>, []>()
      .mockRejectedValueOnce(failure(500, 'Error', 'Away.'))
      .mockResolvedValue(claims());
    open({ getClaims });
    expect(await screen.findByRole('alert')).toHaveTextContent('Away.');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('radio', { name: /Insight team/ }),
    ).toBeInTheDocument();
  });
});

describe('the way to the claims', () => {
  const listed = (contestedClaims?: number) =>
    renderInTestApp(<ProposalsPage />, {
      apis: [
        [
          callgateApiRef,
          fakeCallgate({
            listProposals: async () => ({
              items: [],
              total: 0,
              ...(contestedClaims !== undefined && { contestedClaims }),
            }),
          }),
        ],
      ],
      mountedRoutes: { '/access/claims': claimsRouteRef },
    });

  it.each([
    [1, '1 workload is claimed by several owners: settle it'],
    [0, 'Claims'],
  ])(
    'is on the list of pull requests, with how many there are: %s',
    async (count, name) => {
      listed(count);
      expect(await screen.findByRole('link', { name })).toHaveAttribute(
        'href',
        '/access/claims',
      );
    },
  );

  it('is not there for whoever may not settle them', async () => {
    listed();
    await screen.findByText('No pull request for access is open.');
    expect(screen.queryByRole('link', { name: /laim/ })).toBeNull();
  });
});
