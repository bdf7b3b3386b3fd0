import {
  cleanup,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ExplainedCall } from '@callgate/plugin-callgate-common';
import { axe } from 'jest-axe';
import { CallgateApi, CallgateError } from '../../api';
import {
  CHECKOUT,
  grantInfo,
  label,
  meaning,
  POST_ORDERS,
  request,
  summary,
} from '../RequestPage/__testUtils__/samples';
import { grantPage } from '../RequestDialog/__testUtils__/dialogWorld';
import { ApiAccessTab } from './ApiAccessTab';
import { apiAccess, GRANTED, UNGRANTED } from './__testUtils__/apiAccess';
import { openTab } from './__testUtils__/openTab';

function open(answers: Partial<CallgateApi>, path?: string) {
  return openTab(<ApiAccessTab />, 'api:default/orders', answers, path);
}

const shows = (changes?: Parameters<typeof apiAccess>[0]) => ({
  getApiAccess: jest.fn(async () => apiAccess(changes)),
});

const fails = (name: string, status: number) => ({
  getApiAccess: async () => {
    throw new CallgateError({ name, message: 'It is so.', status });
  },
});

describe('ApiAccessTab', () => {
  it('says that it loads until the answer is there', () => {
    open({ getApiAccess: () => new Promise(() => {}) });
    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
  });

  it('answers in one sentence, and says what the answer comes from', async () => {
    const backend = shows();
    const { container } = open(backend);
    expect(
      await screen.findByRole('heading', {
        name: 'Closed to everyone but 3 callers, 1 of them without a grant',
      }),
    ).toBeInTheDocument();
    expect(backend.getApiAccess).toHaveBeenCalledWith(
      'api:default/orders',
      expect.anything(),
    );
    expect(screen.getByText('3f2a91c')).toBeInTheDocument();
    expect(screen.getByText('2 minutes ago')).toBeInTheDocument();
    expect(screen.getByText(/staging: no mesh/)).toBeInTheDocument();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('true at first glance: a caller that can do more than its grant is marked and counted, and never a green tick', async () => {
    const [cluster] = GRANTED.clusters;
    open(
      shows({
        headline: { ...apiAccess().headline, moreThanGranted: 1 },
        callers: [
          {
            ...GRANTED,
            compared: 'more',
            clusters: [
              { ...cluster, layers: { ...cluster.layers, method: 'open' } },
            ],
            beyond: UNGRANTED.beyond,
          },
        ],
      }),
    );
    expect(
      await screen.findByText('1 can do more than granted'),
    ).toBeInTheDocument();
    const line = screen.getByText('everything on TCP 8080').closest('tr')!;
    expect(line).toHaveTextContent('GET /orders');
    expect(line).toHaveTextContent('granted by Omar');
    expect(line).toHaveTextContent('can do more');
    expect(line).toHaveTextContent('NetworkPolicy allow-ops opens it.');
    expect(line).not.toHaveTextContent('All 3 layers');
    await userEvent.click(
      within(line).getByRole('button', { name: /policy/i }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent(
      'NetworkPolicy ordering/allow-ops lets Checkout do more at Orders API than it was granted.',
    );
    expect(dialog).not.toHaveTextContent('call Orders API without a grant');
  });

  it('true at first glance: one row per caller, each grant with its own standing', async () => {
    open(
      shows({
        callers: [
          {
            ...GRANTED,
            grants: [
              ...GRANTED.grants,
              grantInfo({
                id: 'checkout-creates',
                operations: [POST_ORDERS],
                status: 'declared-not-effective',
                because: 'The API offers no operation dropOrders.',
              }),
            ],
          },
        ],
      }),
    );
    const table = await screen.findByRole('table', { name: 'Callers' });
    expect(within(table).getAllByRole('row')).toHaveLength(2);
    const reads = within(table)
      .getByText('Order status on the confirmation page')
      .closest('li')!;
    expect(reads).toHaveTextContent('GET /orders');
    expect(reads).not.toHaveTextContent('not effective');
    const creates = within(table)
      .getByText('The API offers no operation dropOrders.')
      .closest('li')!;
    expect(creates).toHaveTextContent('POST /orders');
    expect(creates).toHaveTextContent('not effective');
  });

  it('says of a grant that is not in force where it is meant to hold, and of one to a system through what it is held', async () => {
    const [grant] = GRANTED.grants;
    open(
      shows({
        callers: [
          {
            ...GRANTED,
            compared: 'declared',
            clusters: [],
            grants: [
              {
                ...grant,
                status: 'declared-not-effective',
                because: 'The API offers no operation dropOrders.',
                in: ['prod-eu', 'staging'],
                through: label('system:default/sales', 'Sales'),
              },
            ],
          },
        ],
      }),
    );
    const table = await screen.findByRole('table', { name: 'Callers' });
    expect(table).toHaveTextContent('meant for prod-eu, staging');
    expect(table).toHaveTextContent('granted to the system Sales');
    expect(table).toHaveTextContent('so every member of it has it');
  });

  it('says what has to be known of a grant that gets through', async () => {
    const [grant] = GRANTED.grants;
    const because =
      'Nothing holds it: the caller may call everything outside, with this grant and without it.';
    open(shows({ callers: [{ ...GRANTED, grants: [{ ...grant, because }] }] }));
    expect(await screen.findByText(because)).toBeInTheDocument();
    // It is no grant that is not in force.
    expect(screen.queryByText(/meant for/)).not.toBeInTheDocument();
  });

  it('says what went or changed once for the API, and in the row of the one grant that it is about', async () => {
    const [grant] = GRANTED.grants;
    const gone = 'Checkout is not in the catalog any more: end this grant.';
    open(
      shows({
        flags: [{ kind: 'api-deprecated', text: 'Orders API is deprecated.' }],
        callers: [
          {
            ...GRANTED,
            grants: [
              { ...grant, flags: [{ kind: 'caller-gone', text: gone }] },
              grantInfo({ id: 'other', operations: [POST_ORDERS] }),
            ],
          },
        ],
      }),
    );
    expect(
      await screen.findByText('Orders API is deprecated.'),
    ).toBeInTheDocument();
    const table = screen.getByRole('table', { name: 'Callers' });
    expect(within(table).getAllByText(gone)).toHaveLength(1);
    expect(table).not.toHaveTextContent('deprecated');
  });

  it('offers no grant where none can be made, and says why', async () => {
    const why =
      'A caller runs on the host network: no policy can select it. Move the workload off the host network.';
    open(
      shows({
        callers: [{ ...UNGRANTED, mayRequest: false, cannotBeGranted: why }],
      }),
    );
    expect(
      await screen.findByText(`Cannot be granted. ${why}`),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /grant for/ }),
    ).not.toBeInTheDocument();
  });

  it('true at first glance: whoever may be able to call is not called able to', async () => {
    const [beyond] = UNGRANTED.beyond;
    open(
      shows({
        callers: [
          {
            ...UNGRANTED,
            certainty: 'conditional',
            beyond: [
              {
                ...beyond,
                surely: false,
                everythingOn: undefined,
                others: [
                  { methods: ['GET'], notPaths: ['/internal'], exact: true },
                ],
                because: 'Whether it can is not certain.',
                openedBy: [],
              },
            ],
          },
        ],
      }),
    );
    const table = await screen.findByRole('table', { name: 'Callers' });
    expect(table).toHaveTextContent('no grant, may be able to');
    expect(table).toHaveTextContent('GET on any path but /internal');
    // Nothing is known to open it: there is no policy to show.
    expect(
      screen.queryByRole('button', { name: /Show policy/ }),
    ).not.toBeInTheDocument();
  });

  it('counts those who can call, and says what else is listed', async () => {
    open(shows({ headline: { ...apiAccess().headline, callers: 2 } }));
    expect(
      await screen.findByRole('heading', { name: /^Callers/ }),
    ).toHaveTextContent('Callers2');
    expect(
      screen.getByText('Also listed: 1 that can call where everyone can.'),
    ).toBeInTheDocument();
  });

  it('says of each who is listed beside the callers why', async () => {
    const [row] = apiAccess().callers;
    const [grant] = row.grants;
    const declared = (name: string, status: typeof grant.status) => ({
      ...row,
      caller: { ...row.caller, ref: `component:default/${name}`, title: name },
      compared: 'declared' as const,
      beyond: [],
      grants: [{ ...grant, status }],
    });
    open(
      shows({
        headline: { ...apiAccess().headline, callers: 0 },
        callers: [
          declared('one', 'declared-not-effective'),
          declared('two', 'unknown'),
        ],
      }),
    );
    expect(
      await screen.findByText(
        'Also listed: 1 whose grant is not in force, 1 of which nobody knows whether it can call.',
      ),
    ).toBeInTheDocument();
  });

  it('says what an accepted gap means, so that the operations beside it are not taken for all', async () => {
    const [row] = apiAccess().callers;
    const grants = [
      { ...row.grants[0], acknowledges: ['method-not-enforced'] },
    ];
    open(shows({ callers: [{ ...row, grants }] }));
    expect(
      await screen.findByText(
        'gap accepted: where no layer knows methods, it can call everything on the port',
      ),
    ).toBeInTheDocument();
  });

  it('says for each cluster which layer enforces, in words', async () => {
    open(shows());
    const table = await screen.findByRole('table', {
      name: 'Enforcement by cluster',
    });
    const [, production, staging] = within(table).getAllByRole('row');
    expect(production).toHaveTextContent('prod-eu');
    // Where columns have no room, each layer is named beside its state.
    expect(
      within(production)
        .getAllByRole('cell')
        .map(cell => cell.getAttribute('data-label')),
    ).toEqual([null, 'Kernel', 'Identity', 'Method']);
    expect(within(production).getAllByText('enforced')).toHaveLength(3);
    expect(within(staging).getAllByText('not there')).toHaveLength(2);
  });

  it('shows every caller with what it may, how it is enforced, and why', async () => {
    open(shows());
    const table = await screen.findByRole('table', { name: 'Callers' });
    const [, checkout, batch, hidden] = within(table).getAllByRole('row');
    expect(
      within(checkout).getByRole('link', { name: 'Checkout' }),
    ).toHaveAttribute('href', '/catalog/default/component/checkout');
    expect(checkout).toHaveTextContent('GET /orders');
    expect(checkout).toHaveTextContent('All 3 layers');
    expect(checkout).toHaveTextContent('granted by Omar');
    expect(batch).toHaveTextContent('everything on TCP 8080');
    expect(batch).toHaveTextContent('No layer stops it');
    expect(batch).toHaveTextContent('no grant');
    expect(batch).toHaveTextContent('NetworkPolicy allow-ops opens it.');
    expect(hidden).toHaveTextContent('a caller you may not see');
    expect(within(hidden).queryByRole('link')).not.toBeInTheDocument();
    expect(
      screen.getByText('Without a grant: 1 in prod-eu'),
    ).toBeInTheDocument();
  });

  it('counts those without a grant by cluster, and everyone where a cluster is open', async () => {
    const access = apiAccess();
    open(
      shows({
        clusters: access.clusters.map(each => ({
          ...each,
          ...(each.cluster === 'staging' && { isolation: 'open' as const }),
        })),
      }),
    );
    expect(
      await screen.findByText(
        'Without a grant: 1 in prod-eu, everyone in staging',
      ),
    ).toBeInTheDocument();
  });

  it('does not say that the first grant cuts where there is a grant, nor count some where everyone can', async () => {
    const access = apiAccess();
    open(
      shows({
        headline: {
          ...access.headline,
          state: 'open',
          callers: 1,
          ungranted: 1,
          text: 'Open to everyone: its only grant has an error, so nothing is enforced',
        },
        clusters: [{ ...access.clusters[0], isolation: 'open' }],
        callers: [
          { ...GRANTED, compared: 'declared', clusters: [] },
          UNGRANTED,
        ],
      }),
    );
    await screen.findByRole('heading', { name: /^Open to everyone/ });
    expect(
      screen.queryByText(/the first grant cuts those that it does not name/),
    ).not.toBeInTheDocument();
    expect(
      screen.queryByText('1 can call without a grant'),
    ).not.toBeInTheDocument();
  });

  it('says of a grant which ends nobody approved, and leads to the request to confirm them', async () => {
    open(
      shows({
        callers: [
          {
            ...GRANTED,
            grants: [grantInfo({ unconfirmed: { count: 2, request: 'r9' } })],
          },
        ],
      }),
    );
    const table = await screen.findByRole('table', { name: 'Callers' });
    const [, row] = within(table).getAllByRole('row');
    expect(row).toHaveTextContent(
      '2 workloads are not approved yet: nothing is opened for them',
    );
    expect(
      within(row).getByRole('link', { name: 'Request to confirm' }),
    ).toHaveAttribute('href', '/access/requests/r9');
  });

  it('lets whoever may ask for a provider to be confirmed, with what that opens', async () => {
    const finding = {
      code: 'provider-not-confirmed',
      severity: 'warning' as const,
      title: 'A component says that it provides the API',
      message: 'component:default/shipping says that it provides it',
      objects: ['component:default/shipping'],
    };
    const ask = {
      api: 'api:default/orders',
      provider: 'component:default/shipping',
    };
    const createRequest = jest.fn(async () => request());
    open({
      ...shows({ findings: [{ ...finding, ask }] }),
      preview: async () => ({
        digest: 'd1',
        meaning: meaning({ text: '' }),
        files: [],
        findings: [],
        deciders: request().deciders,
        needs: [],
        send: { allowed: true },
        acknowledgeable: [],
      }),
      createRequest,
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Ask to be confirmed' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Ask to confirm that shipping provides orders',
    });
    await within(dialog).findByText(/Orders team, any of 2 people/);
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Ask to be confirmed' }),
    );
    expect(createRequest).toHaveBeenCalledWith(
      {
        kind: 'confirm',
        ...ask,
        caller: ask.provider,
        operations: [],
        digest: 'd1',
      },
      expect.any(String),
    );
  });

  it('leads to the request where a provider is asked about already, and offers nothing to others', async () => {
    const finding = {
      code: 'provider-not-confirmed',
      severity: 'warning' as const,
      title: 'A component says that it provides the API',
      message: 'shipping says so',
      objects: [],
    };
    open(
      shows({
        findings: [
          {
            ...finding,
            ask: {
              api: 'api:default/orders',
              provider: 'component:default/shipping',
              request: 'r9',
            },
          },
          { ...finding, message: 'others say so' },
        ],
      }),
    );
    expect(
      await screen.findByRole('link', { name: 'It is asked already' }),
    ).toHaveAttribute('href', '/access/requests/r9');
    expect(
      screen.queryByRole('button', { name: 'Ask to be confirmed' }),
    ).not.toBeInTheDocument();
  });

  it('narrows the callers to a text, and says when nobody matches', async () => {
    open(shows());
    const filter = await screen.findByRole('searchbox', {
      name: 'Filter callers',
    });
    await userEvent.type(filter, 'allow-ops');
    expect(
      screen.getByRole('link', { name: 'Legacy batch' }),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('link', { name: 'Checkout' }),
    ).not.toBeInTheDocument();
    await userEvent.type(filter, ' of nobody');
    expect(
      screen.getByText('No caller matches “allow-ops of nobody”.'),
    ).toBeInTheDocument();
  });

  it('shows the policy that opens an access, with text to send to its owner', async () => {
    open(shows());
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Show policy that opens it to Legacy batch',
      }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'What decides this',
    });
    expect(dialog).toHaveTextContent(
      'NetworkPolicy ordering/allow-ops, ingress[0]',
    );
    expect(dialog).toHaveTextContent('clusters/prod-eu/ordering.yaml');
    expect(dialog).toHaveTextContent('kind: NetworkPolicy');
    expect(dialog).toHaveTextContent(
      'NetworkPolicy ordering/allow-ops lets Legacy batch call Orders API without a grant.',
    );
    expect(
      within(dialog).getByRole('button', { name: 'Copy text' }),
    ).toBeInTheDocument();
    expect(await axe(dialog)).toHaveNoViolations();
  });

  it('explains the first operation of a caller at once', async () => {
    const explain = jest.fn(async (_call: ExplainedCall) => [
      {
        cluster: 'prod-eu',
        verdict: 'allow' as const,
        from: 'storefront/checkout',
        to: 'ordering/orders',
        hops: [],
        conditions: [],
        changes: [],
        findings: [],
        source: {
          branch: 'main',
          readAt: '2026-11-02T10:00:00Z',
          stale: false,
        },
      },
    ]);
    open({ ...shows(), explain });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Explain the access of Checkout',
      }),
    );
    expect(await screen.findByText('Allowed in prod-eu')).toBeInTheDocument();
    expect(explain.mock.calls[0][0]).toEqual({
      api: 'api:default/orders',
      caller: 'component:default/checkout',
      method: 'GET',
      path: '/orders',
    });
  });

  it('lets an owner turn an ungranted access into a grant, filled in and kept in the URL', async () => {
    open({
      ...shows(),
      getApiOperations: async () => ({
        api: label('api:default/orders', 'Orders API'),
        operations: [],
        lastDay: { today: '2027-02-15' },
        ports: [],
        clusters: ['prod-eu'],
        findings: [],
      }),
    });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Make a grant for Legacy batch',
      }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Grant access to Orders API',
    });
    expect(
      await within(dialog).findByDisplayValue('Legacy batch'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(
        /^at \/\?ask=grant&caller=component%3Adefault%2Flegacy-batch/,
      ),
    ).toBeInTheDocument();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Cancel' }),
    );
    expect(screen.getByText('at /')).toBeInTheDocument();
  });

  const OFFERS = {
    getApiOperations: async () => ({
      api: label('api:default/orders', 'Orders API'),
      operations: [],
      lastDay: { today: '2027-02-15' },
      ports: [],
      clusters: ['prod-eu'],
      findings: [],
    }),
  };
  // What lies behind a dialog is hidden from everybody but the browser itself.
  const goBack = () => fireEvent.click(screen.getByText('The browser’s Back'));

  it('closes the dialog with Back, and has what was written when it is opened again', async () => {
    sessionStorage.clear();
    open({ ...shows(), ...OFFERS });
    const make = { name: 'Make a grant for Legacy batch' };
    await userEvent.click(await screen.findByRole('button', make));
    await userEvent.type(await screen.findByLabelText('Why'), 'Until May');
    goBack();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.getByText('at /')).toBeInTheDocument();
    await userEvent.click(await screen.findByRole('button', make));
    await waitFor(() =>
      expect(screen.getByLabelText('Why')).toHaveValue('Until May'),
    );
    sessionStorage.clear();
  });

  it('leaves no page without a difference behind when a dialog is closed', async () => {
    open({ ...shows(), ...OFFERS }, '/?from=elsewhere');
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Make a grant for Legacy batch',
      }),
    );
    expect(screen.getByText(/^at .*ask=grant/)).toBeInTheDocument();
    await screen.findByRole('dialog');
    await userEvent.keyboard('{Escape}');
    expect(await screen.findByText('at /?from=elsewhere')).toBeInTheDocument();
  });

  it('opens what a URL asks of a grant, and Back or Cancel closes it', async () => {
    const getGrant = jest.fn(async () => grantPage());
    const path = '/?ask=end&api=api:default/orders&grant=checkout-reads';
    open(
      {
        ...shows(),
        ...OFFERS,
        getGrant,
        preview: () => new Promise(() => {}),
      },
      path,
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'End the access of Checkout to Orders API',
    });
    expect(getGrant).toHaveBeenCalledWith(
      'checkout-reads',
      expect.objectContaining({ api: 'api:default/orders' }),
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Cancel' }),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.getByText('at /')).toBeInTheDocument();
  });

  it('says so where the grant of a URL cannot be read', async () => {
    open(
      {
        ...shows(),
        getGrant: async () => {
          throw new Error('There is no such grant.');
        },
      },
      '/?ask=renew&api=api:default/orders&grant=gone',
    );
    expect(await screen.findByText(/There is no such grant\./)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('shows a stranger the request button disabled with its reason, and no grant button', async () => {
    open(
      shows({
        request: {
          allowed: false,
          reason: 'You own nothing that could call it.',
        },
        grant: { allowed: false },
        callers: [GRANTED],
      }),
    );
    const button = await screen.findByRole('button', {
      name: 'Request access',
    });
    expect(button).toBeDisabled();
    expect(button).toHaveAccessibleDescription(
      'You own nothing that could call it.',
    );
    expect(
      screen.queryByRole('button', { name: 'Grant access' }),
    ).not.toBeInTheDocument();
  });

  it('leads from what is open to where it is decided', async () => {
    const waiting = summary({
      caller: label('component:default/cart', 'Cart'),
      summary: 'Cart asks to GET /orders of Orders API',
    });
    open(
      shows({
        openRequests: [waiting],
        proposal: {
          id: 'p1',
          number: 41,
          title: 'Access to Orders API: Invoicing',
          state: 'open',
          api: waiting.api,
          branch: 'callgate/orders',
          forge: 'local',
          reviewsInPortal: true,
          createdAt: waiting.createdAt,
          updatedAt: waiting.createdAt,
          requests: [
            {
              id: 'r9',
              summary: 'Invoicing',
              state: 'proposed',
              caller: CHECKOUT,
            },
          ],
          waitsFor: 'waits for the platform team',
        },
      }),
    );
    const decide = await screen.findByRole('link', {
      name: `Decide: ${waiting.summary}`,
    });
    expect(decide).toHaveAttribute('href', '/access/requests/r1');
    expect(decide).toHaveTextContent('Decide');
    expect(
      screen.getByText('Pull request #41 carries 1 request'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', {
        name: 'View: Access to Orders API: Invoicing',
      }),
    ).toHaveAttribute('href', '/access/proposals/p1');
  });

  it('says whom the first grant would cut only where it is known to close the API', async () => {
    const open_ = {
      ...apiAccess().headline,
      state: 'open' as const,
      callers: 0,
      ungranted: 0,
      text: 'Everyone can call this',
    };
    open(
      shows({
        headline: { ...open_, firstGrantCloses: true },
        callers: [UNGRANTED],
      }),
    );
    expect(
      await screen.findByText(
        /the first grant cuts those that it does not name/,
      ),
    ).toBeInTheDocument();
    cleanup();
    open(shows({ headline: open_, callers: [UNGRANTED] }));
    await screen.findByRole('heading', { name: 'Everyone can call this' });
    expect(
      screen.queryByText(/the first grant cuts those that it does not name/),
    ).not.toBeInTheDocument();
  });

  it('says closed only as far as is judged where policies of others may decide otherwise, and names each', async () => {
    open(
      shows({
        headline: {
          ...apiAccess().headline,
          state: 'conditional',
          callers: 0,
          ungranted: 0,
          text: 'Closed by grants to everyone; 2 policies of others may open or refuse more',
        },
        callers: [],
        clusters: [
          {
            cluster: 'prod-eu',
            layers: {
              kernel: 'enforced',
              identity: 'enforced',
              method: 'enforced',
            },
            isolation: 'isolated',
            others: [
              {
                cluster: 'prod-eu',
                group: 'cilium.io',
                kind: 'CiliumNetworkPolicy',
                namespace: 'ordering',
                name: 'guard',
                may: 'open-or-refuse',
                ends: ['ordering/Deployment/orders'],
              },
              { cluster: 'prod-eu', may: 'refuse', ends: [] },
            ],
          },
        ],
      }),
    );
    expect(
      await screen.findByRole('heading', {
        name: 'Closed by grants to everyone; 2 policies of others may open or refuse more',
      }),
    ).toBeInTheDocument();
    const table = screen.getByRole('table', { name: 'Enforcement by cluster' });
    expect(table).toHaveTextContent('closed, as far as Callgate judges');
    const others = screen.getByRole('list', { name: 'Policies of others' });
    expect(
      within(others)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual([
      '!Gap:CiliumNetworkPolicy ordering/guard (cilium.io) in prod-eu may refuse this, or open more. Callgate does not judge what it says. It touches ordering/Deployment/orders.',
      '!Gap:A policy you may not see in prod-eu may refuse this. Callgate does not judge what it says.',
    ]);
    expect(
      screen.getByText('Nobody has a grant for this API.'),
    ).toBeInTheDocument();
  });

  it('never calls unknown access open or closed', async () => {
    open(
      shows({
        headline: {
          ...apiAccess().headline,
          state: 'unknown',
          callers: 0,
          ungranted: 0,
          text: 'Not known: the estate was last read 3 h ago',
        },
        callers: [],
        clusters: [
          {
            cluster: 'prod-eu',
            layers: {
              kernel: 'unknown',
              identity: 'unknown',
              method: 'unknown',
            },
            isolation: 'unknown',
          },
        ],
        source: {
          branch: 'main',
          readAt: new Date(Date.now() - 3 * 3_600_000).toISOString(),
          stale: true,
          problem: 'The repository cannot be reached.',
        },
      }),
    );
    expect(
      await screen.findByRole('heading', { name: /^Not known: the estate/ }),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/The repository cannot be reached\./),
    ).toBeInTheDocument();
    const table = screen.getByRole('table', { name: 'Enforcement by cluster' });
    expect(within(table).getAllByText('not known')).toHaveLength(4);
    expect(
      screen.queryByText('Nobody may call this API.'),
    ).not.toBeInTheDocument();
    expect(
      screen.queryByText(/Everyone can call this/),
    ).not.toBeInTheDocument();
  });

  it('says that the reader may not see it, and no more', async () => {
    open(fails('NotAllowedError', 403));
    expect(await screen.findByText('You may not see this')).toBeInTheDocument();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('tries again after an error', async () => {
    const getApiAccess = jest
      .fn(async () => apiAccess())
      .mockRejectedValueOnce(new Error('The backend is away.'));
    open({ getApiAccess });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Who can call this API could not be read. The backend is away.',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('heading', { name: /^Closed to/ }),
    ).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('says that no cluster is configured, and never that no workload was found', async () => {
    openTab(<ApiAccessTab />, 'api:default/orders', {
      getApiAccess: async () =>
        apiAccess({
          clusters: [],
          callers: [],
          headline: {
            state: 'unknown',
            callers: 0,
            ungranted: 0,
            moreThanGranted: 0,
            perhaps: 0,
            firstGrantCloses: false,
            text: 'Not known: no cluster is configured, so nobody knows what runs',
          },
          source: {
            branch: 'main',
            readAt: new Date().toISOString(),
            stale: false,
            estate: { state: 'none-configured', clusters: [] },
          },
        }),
    });
    expect(
      await screen.findByRole('status', { name: /clusters/ }),
    ).toHaveTextContent(/callgate\.estate\.manifests/);
    expect(
      screen.getByText(/what runs in the clusters has not been read/),
    ).toBeInTheDocument();
    expect(screen.queryByText(/No workload/)).not.toBeInTheDocument();
  });
});
