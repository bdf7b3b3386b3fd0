import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { ApprovalRules } from '@callgate/plugin-callgate-common';
import { screen, within } from '@testing-library/react';
import { axe } from 'jest-axe';
import { callgateApiRef } from '../../api';
import { inboxRouteRef } from '../../routes';
import { fakeCallgate, label } from '../RequestPage/__testUtils__/samples';
import { ApprovalRulesPage } from './ApprovalRulesPage';

const COMMIT = 'abc1234'.padEnd(40, '0');

const rules = (changes: Partial<ApprovalRules> = {}): ApprovalRules => ({
  rules: [
    {
      name: 'pci',
      when: "'pci' in api.tags",
      needs: ['1 of the owners of the API', '2 of Security'],
      automatic: false,
      maxDays: 90,
      source: 'repository',
      file: 'approvals.yaml',
      line: 5,
      version: COMMIT,
      versionText: 'abc1234',
    },
    {
      name: 'reads',
      needs: [],
      automatic: true,
      source: 'configuration',
      file: 'callgate.approval.rules',
      version: 'config-0123456789ab',
      versionText: 'configuration 0123456789ab',
    },
  ],
  evaluators: [],
  stops: false,
  findings: [],
  source: {
    branch: 'main',
    commit: COMMIT,
    readAt: '2026-11-30T08:00:00Z',
    stale: false,
  },
  ...changes,
});

const show = (answer: ApprovalRules) =>
  renderInTestApp(<ApprovalRulesPage />, {
    apis: [
      [callgateApiRef, fakeCallgate({ getApprovalRules: async () => answer })],
    ],
    mountedRoutes: { '/access/requests': inboxRouteRef },
  });

describe('ApprovalRulesPage', () => {
  it('lists each rule with when it holds, what it asks for and where it stands', async () => {
    const { container } = show(rules());
    const [pci, reads] = await screen.findAllByRole('listitem');
    const ofPci = within(pci);
    expect(ofPci.getByRole('heading', { name: 'pci' })).toBeInTheDocument();
    for (const text of [
      "'pci' in api.tags",
      'Needs 1 of the owners of the API and 2 of Security',
      'Access lasts at most 90 days',
      'In approvals.yaml, line 5, at abc1234',
    ])
      expect(ofPci.getByText(text)).toBeInTheDocument();
    expect(ofPci.queryByText(/Nobody has to approve/)).not.toBeInTheDocument();

    const ofReads = within(reads);
    expect(ofReads.getByText(/^Nobody has to approve, unless/)).toBeVisible();
    expect(
      ofReads.getByText('In the configuration 0123456789ab of the portal'),
    ).toBeInTheDocument();
    expect(
      ofReads.getByText(/it names something that you may not see/),
    ).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('says why the newest version cannot be read, and which one is shown', async () => {
    show(
      rules({
        standIn: { commit: COMMIT, at: '2026-11-29T08:00:00Z' },
        findings: [
          {
            code: 'approvals-invalid',
            severity: 'error',
            title: 'The rules of who approves cannot be used',
            message: 'spec.rules[0].when does not compile',
            fix: 'Correct the rule at the place named.',
            objects: [],
          },
        ],
      }),
    );
    const alert = within(await screen.findByRole('alert'));
    expect(
      alert.getByText('The newest version of the rules cannot be read'),
    ).toBeInTheDocument();
    expect(
      alert.getByText(/the last version that could be read, abc1234/),
    ).toBeInTheDocument();
    expect(
      alert.getByText(/spec\.rules\[0\]\.when does not compile/),
    ).toBeInTheDocument();
  });

  it('says that nothing is sent where there is no version at all, and not that there are no rules', async () => {
    show(rules({ rules: [], stops: true }));
    expect(await screen.findByText('The rules cannot be read')).toBeVisible();
    expect(screen.queryByText('There are no rules.')).not.toBeInTheDocument();
  });

  it('says what holds where there are no rules', async () => {
    show(rules({ rules: [] }));
    expect(await screen.findByText('There are no rules.')).toBeVisible();
    expect(
      screen.getByText('One owner of the API approves each request.'),
    ).toBeVisible();
  });

  it('names code that asks besides, and who hears of what waits', async () => {
    show(
      rules({
        evaluators: [
          { name: 'calendar', description: 'While changes are frozen' },
        ],
        escalate: {
          remindHours: 36,
          afterHours: 120,
          to: label('group:default/architecture', 'Architecture'),
        },
      }),
    );
    expect(await screen.findByText('calendar')).toBeVisible();
    expect(
      screen.getByText('Whoever can decide is reminded after 36 hours.'),
    ).toBeVisible();
    expect(
      screen.getByText(
        'Architecture hears of it after 5 days, and decides nothing by that.',
      ),
    ).toBeVisible();
  });
});
