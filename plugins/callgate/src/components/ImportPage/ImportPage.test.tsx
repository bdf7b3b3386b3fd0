import { renderInTestApp } from '@backstage/frontend-test-utils';
import type {
  ApiImport,
  ImportReport,
  ImportSummary,
} from '@callgate/plugin-callgate-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { CallgateApi, callgateApiRef, CallgateError } from '../../api';
import {
  importRouteRef,
  proposalRouteRef,
  proposalsRouteRef,
} from '../../routes';
import { ProposalsPage } from '../ProposalsPage';
import { fakeCallgate } from '../RequestPage/__testUtils__/samples';
import { ImportPage } from './ImportPage';

const api = (name: string, title?: string): ImportSummary['api'] => ({
  ref: `api:default/${name}`,
  kind: 'api',
  namespace: 'default',
  name,
  ...(title && { title }),
  state: 'visible',
});

const ready = (name: string, title: string): ImportSummary => ({
  api: api(name, title),
  state: 'written',
  grants: 2,
  kept: 1,
  digest: `sha256:${name}`,
  choose: { allowed: true },
});

const CUSTOMERS = ready('customers', 'Customers API');
const STOCK = ready('stock', 'Stock API');
const OPEN: ImportSummary = {
  api: api('catalogue', 'Catalogue API'),
  state: 'open',
  reason: 'Everyone can call it.',
  grants: 0,
  kept: 0,
  choose: { allowed: false, reason: 'Everyone can call it.' },
};

const report = (
  items: ImportSummary[],
  changes: Partial<ImportReport> = {},
): ImportReport => ({
  items,
  workedOut: items.length,
  total: items.length,
  source: { branch: 'main', readAt: '2026-11-30T08:00:00Z', stale: false },
  ...changes,
});

const DETAILS: ApiImport = {
  ...CUSTOMERS,
  items: [
    {
      id: 'care-desk',
      caller: {
        ...api('care-desk'),
        ref: 'component:default/care-desk',
        kind: 'component',
      },
      operations: ['TCP 8080'],
      clusters: ['prod'],
      gaps: ['methods are not enforced'],
      from: [
        {
          object: 'NetworkPolicy crm/callers',
          cluster: 'prod',
          file: 'prod/crm.yaml',
          line: 64,
        },
      ],
    },
  ],
  byHand: [
    {
      caller: { ...api('10.0.0.0/8'), ref: 'cidr:10.0.0.0/8', kind: 'cidr' },
      reason: 'addresses outside what was read',
      access: 'TCP 8080',
      from: [],
    },
  ],
  proposed: [],
  openIn: [],
  later: [{ cluster: 'prod', namespace: 'batch' }],
  changes: [],
  policies: [
    { object: 'NetworkPolicy crm/callers', cluster: 'prod', canGo: true },
    {
      object: 'NetworkPolicy crm/deny-all',
      cluster: 'prod',
      canGo: false,
      stays: 'a → b would be let through: TCP 8080',
    },
  ],
  inForce: false,
  files: [],
};

function open(answers: Partial<CallgateApi>) {
  return renderInTestApp(<ImportPage />, {
    apis: [[callgateApiRef, fakeCallgate(answers)]],
    mountedRoutes: {
      '/access/proposals': proposalsRouteRef,
      '/access/proposals/:id': proposalRouteRef,
    },
  });
}

const show = (...items: ImportSummary[]) =>
  open({ getImports: async () => report(items) });

describe('ImportPage', () => {
  it('says that it loads until the answer is there', async () => {
    open({ getImports: () => new Promise(() => {}) });
    expect(
      await screen.findByRole('status', { name: 'Loading' }),
    ).toBeInTheDocument();
  });

  it('sets apart what can be imported, and says why of the rest', async () => {
    const { container } = show(CUSTOMERS, OPEN);
    const panel = await screen.findByRole('region', {
      name: /Can be imported/,
    });
    expect(panel).toHaveTextContent('2 grants, 1 caller kept by hand');
    const others = screen.getByRole('region', { name: /Stay as they are/ });
    expect(others).toHaveTextContent('Everyone can call it.');
    expect(within(others).queryByRole('checkbox')).not.toBeInTheDocument();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('shows where each grant comes from, what stays, and what can go', async () => {
    const { container } = open({
      getImports: async () => report([CUSTOMERS]),
      getImport: async () => DETAILS,
    });
    const button = await screen.findByRole('button', {
      name: 'Details of Customers API',
    });
    expect(button).toHaveAttribute('aria-expanded', 'false');
    await userEvent.click(button);
    expect(button).toHaveAttribute('aria-expanded', 'true');
    const panel = screen.getByRole('region', { name: /Can be imported/ });
    await within(panel).findByText('Grants, and what each was read from');
    for (const text of [
      'NetworkPolicy crm/callers (prod, prod/crm.yaml:64)',
      'Accepted as it is today: methods are not enforced',
      '(addresses outside what was read)',
      'Whatever is deployed to batch in prod later can call it today',
      'Without it a → b would be let through: TCP 8080',
      'Until then leave all of them.',
    ])
      expect(panel).toHaveTextContent(text);
    expect(await axe(container)).toHaveNoViolations();
  });

  it('says when hand-written policies can go now', async () => {
    open({
      getImports: async () => report([{ ...OPEN, state: 'declared' }]),
      getImport: async () => ({ ...DETAILS, inForce: true }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: /^Details of/ }),
    );
    expect(await screen.findByText('can go now')).toBeVisible();
  });

  const inForce = (changes: Partial<ApiImport>): ApiImport => ({
    ...DETAILS,
    state: 'declared',
    digest: undefined,
    inForce: true,
    ...changes,
  });

  it('opens the pull request that deletes policies by hand, after it was read and said', async () => {
    const user = userEvent.setup();
    const openImports = jest.fn(async () => ({
      results: [{ api: CUSTOMERS.api.ref, opened: true, proposal: 'p2' }],
    }));
    const refusal = 'It has an open pull request.';
    const getImport = jest
      .fn<Promise<ApiImport>, []>()
      .mockResolvedValueOnce(
        inForce({
          policies: [
            { ...DETAILS.policies[0], goes: true },
            { ...DETAILS.policies[1], instead: 'Delete it by hand.' },
          ],
          removal: { digest: 'sha256:gone', choose: { allowed: true } },
        }),
      )
      .mockResolvedValue(
        inForce({
          removal: { choose: { allowed: false, reason: refusal } },
        }),
      );
    const getImports = jest.fn(async () =>
      report([{ ...OPEN, api: CUSTOMERS.api, state: 'declared' }]),
    );
    open({ getImports, getImport, openImports });
    await user.click(
      await screen.findByRole('button', { name: /^Details of/ }),
    );
    expect(await screen.findByText('in the pull request')).toBeVisible();
    expect(screen.getByText('Delete it by hand.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Open pull request' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Open 1 pull request?',
    });
    expect(dialog).toHaveTextContent(/^.*It deletes the policies that are/);
    expect(dialog).not.toHaveTextContent('grants');
    expect(openImports).not.toHaveBeenCalled();
    expect(await axe(dialog)).toHaveNoViolations();
    await user.click(within(dialog).getByRole('button', { name: 'Open' }));
    expect(openImports).toHaveBeenCalledWith({
      apis: [{ api: CUSTOMERS.api.ref, digest: 'sha256:gone' }],
    });
    const looked = getImports.mock.calls.length;
    await user.click(await screen.findByRole('button', { name: 'Close' }));
    expect(await screen.findByText(refusal)).toBeVisible();
    expect(getImports.mock.calls.length).toBeGreaterThan(looked);
    expect(
      screen.queryByRole('button', { name: 'Open pull request' }),
    ).not.toBeInTheDocument();
  });

  it('has no button where no policy can be taken out of a file', async () => {
    open({
      getImports: async () => report([{ ...OPEN, state: 'declared' }]),
      getImport: async () =>
        inForce({
          removal: {
            choose: {
              allowed: false,
              reason: 'None of them can be taken out.',
            },
          },
        }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: /^Details of/ }),
    );
    expect(
      await screen.findByText('None of them can be taken out.'),
    ).toBeVisible();
    expect(
      screen.queryByRole('button', { name: 'Open pull request' }),
    ).not.toBeInTheDocument();
  });

  it('opens what was chosen and read, by the keyboard, and says what became of each', async () => {
    const user = userEvent.setup();
    const openImports = jest.fn(async () => ({
      results: [
        { api: CUSTOMERS.api.ref, opened: true, proposal: 'p1' },
        {
          api: STOCK.api.ref,
          opened: false,
          reason: 'It has an open pull request.',
        },
      ],
    }));
    open({ getImports: async () => report([CUSTOMERS, STOCK]), openImports });
    const press = async (name: string) => {
      const control = await screen.findByRole('checkbox', { name });
      control.focus();
      await user.keyboard(' ');
    };
    const start = await screen.findByRole('button', {
      name: 'Open pull requests',
    });
    expect(start).toBeDisabled();
    await press('Import Customers API');
    await press('Import Stock API');
    expect(screen.getByText(/2 APIs chosen/)).toBeVisible();
    start.focus();
    await user.keyboard('{Enter}');
    const dialog = await screen.findByRole('dialog', {
      name: 'Open 2 pull requests?',
    });
    expect(dialog).toHaveTextContent('Nobody can call more or less');
    expect(openImports).not.toHaveBeenCalled();
    await user.click(within(dialog).getByRole('button', { name: 'Open' }));
    expect(openImports).toHaveBeenCalledWith({
      apis: [
        { api: 'api:default/customers', digest: 'sha256:customers' },
        { api: 'api:default/stock', digest: 'sha256:stock' },
      ],
    });
    const done = await screen.findByRole('dialog', {
      name: 'What became of each',
    });
    expect(within(done).getByRole('link', { name: 'Show it' })).toHaveAttribute(
      'href',
      '/access/proposals/p1',
    );
    expect(done).toHaveTextContent('Not opened: It has an open pull request.');
    expect(within(done).getByRole('button', { name: 'Close' })).toHaveFocus();
    expect(await axe(done)).toHaveNoViolations();
  });

  it('opens nothing when it is cancelled, and says why where it failed', async () => {
    const user = userEvent.setup();
    const openImports = jest
      .fn()
      .mockRejectedValue(
        new CallgateError({ status: 500, name: 'Error', message: 'Broken' }),
      );
    open({ getImports: async () => report([CUSTOMERS]), openImports });
    await user.click(await screen.findByRole('checkbox'));
    await user.click(
      screen.getByRole('button', { name: 'Open pull requests' }),
    );
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(openImports).not.toHaveBeenCalled();
    expect(screen.getByRole('checkbox', { hidden: true })).toBeChecked();
    await user.click(
      await screen.findByRole('button', { name: 'Open pull requests' }),
    );
    await user.click(await screen.findByRole('button', { name: 'Open' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'They could not be opened. Broken',
    );
  });

  it('takes no API that has a pull request, and leads there', async () => {
    show({
      ...CUSTOMERS,
      proposal: { id: 'p1', number: 7, state: 'open', imports: true },
      choose: { allowed: false, reason: 'It has an open pull request.' },
    });
    expect(await screen.findByRole('checkbox')).toBeDisabled();
    expect(screen.getByText('It has an open pull request.')).toBeVisible();
    expect(
      screen.getByRole('link', { name: 'Pull request 7' }),
    ).toHaveAttribute('href', '/access/proposals/p1');
  });

  it('says how far it is while it is worked out', async () => {
    open({
      getImports: async () => report([CUSTOMERS], { total: 300 }),
    });
    expect(
      await screen.findByText(/1 of 300 APIs are worked out/),
    ).toBeVisible();
  });

  it('says why nothing is shown', async () => {
    open({
      getImports: async () => report([], { problem: 'Nobody knows.' }),
    });
    expect(await screen.findByText('Nobody knows.')).toBeVisible();
    expect(
      screen.queryByText('There is no API in the catalog.'),
    ).not.toBeInTheDocument();
  });

  it('says that there is no API', async () => {
    show();
    expect(
      await screen.findByText('There is no API in the catalog.'),
    ).toBeVisible();
  });

  it.each([403, 404])('is no page for others (%s)', async status => {
    open({
      getImports: async () => {
        throw new CallgateError({
          status,
          name: status === 403 ? 'NotAllowedError' : 'NotFoundError',
          message: 'Secret',
        });
      },
    });
    expect(await screen.findByText(/PAGE NOT FOUND/)).toBeInTheDocument();
    expect(screen.queryByText('Secret')).not.toBeInTheDocument();
  });

  it('can be tried again where it failed', async () => {
    const getImports = jest
      .fn<Promise<ImportReport>, []>()
      .mockRejectedValueOnce(
        new CallgateError({ status: 500, name: 'Error', message: 'Broken' }),
      )
      .mockResolvedValue(report([CUSTOMERS]));
    open({ getImports });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'What can be imported could not be read. Broken',
    );
    await userEvent.click(screen.getByRole('button', { name: /again/i }));
    expect(
      await screen.findByRole('region', { name: /Can be imported/ }),
    ).toBeInTheDocument();
  });
});

describe('the link to it', () => {
  const links = (contestedClaims?: number) =>
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
      mountedRoutes: {
        '/access/proposals': proposalsRouteRef,
        '/access/import': importRouteRef,
      },
    });

  it('is there for members of the platform team', async () => {
    links(0);
    expect(await screen.findByRole('link', { name: 'Import' })).toHaveAttribute(
      'href',
      '/access/import',
    );
  });

  it('and for nobody else', async () => {
    links();
    await screen.findByText('No pull request for access is open.');
    expect(
      screen.queryByRole('link', { name: 'Import' }),
    ).not.toBeInTheDocument();
  });
});
