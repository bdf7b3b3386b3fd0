import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  ApiOperations,
  CallerAccess,
  ExplainedCall,
  Explanation,
} from '@callgate/plugin-callgate-common';
import { axe } from 'jest-axe';
import { CallgateApi, CallgateError } from '../../api';
import { UNGRANTED } from '../ApiAccess/__testUtils__/apiAccess';
import { openTab } from '../ApiAccess/__testUtils__/openTab';
import {
  CHECKOUT,
  grantInfo,
  label,
  ORDERS,
  row,
  summary,
} from '../RequestPage/__testUtils__/samples';
import { CallsTab } from './CallsTab';

const PAYMENTS = label('api:default/payments', 'Payments API');

function callerAccess(changes: Partial<CallerAccess> = {}): CallerAccess {
  return {
    caller: CHECKOUT,
    calls: [
      row({
        api: PAYMENTS,
        grants: [
          grantInfo({
            id: 'checkout-pays',
            api: PAYMENTS.ref,
            approvedBy: [label('user:default/paula', 'Paula')],
          }),
        ],
      }),
    ],
    openToEveryone: [],
    others: [],
    requests: [summary({ waitsFor: 'Waits for Orders team (2 can decide)' })],
    targets: [ORDERS, PAYMENTS],
    findings: [],
    source: { branch: 'main', readAt: new Date().toISOString(), stale: false },
    ...changes,
  };
}

const REFUSED: Explanation = {
  cluster: 'prod-eu',
  verdict: 'deny',
  from: 'storefront/checkout',
  to: 'ordering/orders',
  hops: [
    {
      at: 'its own egress',
      layer: 'kernel',
      verdict: 'allow',
      text: 'Nothing isolates it.',
      by: [],
    },
    {
      at: 'the sidecar of orders',
      layer: 'method',
      verdict: 'deny',
      text: 'No rule allows GET /orders/17.',
      by: [
        {
          kind: 'AuthorizationPolicy',
          namespace: 'ordering',
          name: 'callgate-orders',
          rule: 'rules[0]',
          file: 'clusters/prod-eu/ordering/callgate-orders.yaml',
          yaml: 'kind: AuthorizationPolicy',
        },
      ],
    },
  ],
  conditions: [],
  changes: [{ text: 'A grant of GET /orders/{id} to Checkout' }],
  findings: [],
  source: { branch: 'main', readAt: '2026-11-02T10:00:00Z', stale: false },
};

const OFFERED: ApiOperations = {
  api: ORDERS,
  operations: [
    {
      kind: 'http',
      id: 'getOrder',
      method: 'GET',
      path: '/orders/{id}',
      summary: 'Read one order',
      writes: false,
    },
  ],
  lastDay: { today: '2027-02-15' },
  ports: [],
  clusters: ['prod-eu', 'staging'],
  findings: [],
};

function open(answers: Partial<CallgateApi>) {
  return openTab(<CallsTab />, 'component:default/checkout', answers);
}

const shows = (changes?: Partial<CallerAccess>) => ({
  getCallerAccess: jest.fn(async () => callerAccess(changes)),
});

async function pickOrders() {
  await userEvent.type(
    await screen.findByRole('textbox', { name: 'API' }),
    'orders',
  );
  await userEvent.click(
    await screen.findByRole('option', { name: /Orders API/ }),
  );
}

describe('CallsTab', () => {
  it('says that it loads until the answer is there', () => {
    open({ getCallerAccess: () => new Promise(() => {}) });
    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
  });

  it('shows what the caller may call, and leads to who else can', async () => {
    const backend = shows();
    const { container } = open(backend);
    const line = within(
      await screen.findByRole('table', { name: 'Calls' }),
    ).getAllByRole('row')[1];
    expect(
      within(line).getByRole('link', { name: 'Payments API' }),
    ).toHaveAttribute('href', '/catalog/default/api/payments/access');
    expect(line).toHaveTextContent('GET /orders');
    expect(line).toHaveTextContent('All 3 layers');
    expect(line).toHaveTextContent('granted by Paula');
    expect(backend.getCallerAccess).toHaveBeenCalledWith(
      'component:default/checkout',
      expect.anything(),
    );
    expect(await axe(container)).toHaveNoViolations();
  });

  it('lets owners of the caller ask for several APIs, and says to others who does', async () => {
    open(shows());
    const ask = await screen.findByRole('button', {
      name: 'Ask for several APIs',
    });
    // Omar owns Orders, and not Checkout.
    expect(ask).toBeDisabled();
    expect(ask).toHaveAccessibleDescription(
      'Only owners of Checkout ask for it.',
    );
  });

  it('shows what was asked for, and whom it waits for', async () => {
    open(shows());
    expect(
      await screen.findByText('Waits for Orders team (2 can decide)'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', {
        name: 'Checkout asks to GET /orders of Orders API',
      }),
    ).toHaveAttribute('href', '/access/requests/r1');
  });

  it('follows a refused call hop by hop, and asks for its operation filled in', async () => {
    const explain = jest.fn(async (_call: ExplainedCall) => [REFUSED]);
    const preview = jest.fn(() => new Promise<never>(() => {}));
    open({
      ...shows(),
      explain,
      preview,
      getApiOperations: async () => OFFERED,
    });
    await pickOrders();
    await userEvent.click(
      await screen.findByRole('button', { name: /Method/ }),
    );
    await userEvent.click(await screen.findByRole('option', { name: 'GET' }));
    await userEvent.type(
      screen.getByRole('textbox', { name: 'Path' }),
      '/orders/17',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Explain' }));

    const hops = await screen.findByRole('list', {
      name: 'The way of the call',
    });
    const [egress, sidecar] = within(hops).getAllByRole('listitem');
    expect(egress).toHaveTextContent('its own egress lets it through');
    expect(sidecar).toHaveTextContent('the sidecar of orders refuses');
    expect(sidecar).toHaveTextContent(
      'AuthorizationPolicy ordering/callgate-orders',
    );
    expect(screen.getByText('Refused in prod-eu')).toBeInTheDocument();
    expect(explain.mock.calls[0][0]).toEqual({
      api: 'api:default/orders',
      caller: 'component:default/checkout',
      method: 'GET',
      path: '/orders/17',
    });

    await userEvent.click(screen.getByRole('button', { name: 'Request this' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Request access to Orders API',
    });
    expect(
      await within(dialog).findByRole('checkbox', { name: /\/orders\/\{id\}/ }),
    ).toBeChecked();
    await waitFor(() => expect(preview).toHaveBeenCalled());
    expect(preview).toHaveBeenLastCalledWith(
      expect.objectContaining({
        caller: 'component:default/checkout',
        operations: [{ id: 'getOrder' }],
        in: ['prod-eu'],
      }),
      expect.anything(),
    );
    // It is part of the page's address: Back leaves the dialog and not the page.
    expect(
      screen.getByText(/^at \/\?ask=request&api=api%3Adefault%2Forders&/),
    ).toBeInTheDocument();
    fireEvent.click(screen.getByText('The browser’s Back'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.getByText('at /')).toBeInTheDocument();
  });

  it('takes an operation of the definition as the call, in the one cluster that is asked about', async () => {
    const explain = jest.fn(async (_call: ExplainedCall) => [REFUSED]);
    const { container } = open({
      ...shows(),
      explain,
      getApiOperations: async () => OFFERED,
    });
    await pickOrders();
    await userEvent.type(
      await screen.findByRole('textbox', { name: 'Operation' }),
      'read one',
    );
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(screen.getByRole('textbox', { name: 'Path' })).toHaveValue(
      '/orders/{id}',
    );
    await userEvent.click(screen.getByRole('button', { name: /Cluster/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'staging' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
    await screen.findByRole('list', { name: 'The way of the call' });
    expect(explain.mock.calls[0][0]).toEqual({
      api: 'api:default/orders',
      caller: 'component:default/checkout',
      method: 'GET',
      path: '/orders/1',
      cluster: 'staging',
    });
    expect(await axe(container)).toHaveNoViolations();
  });

  it('shows the text of the object that refuses to whoever wants to read it', async () => {
    open({
      ...shows(),
      explain: async () => [REFUSED],
      getApiOperations: async () => OFFERED,
    });
    await pickOrders();
    await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
    const text = await screen.findByText('kind: AuthorizationPolicy');
    expect(text).not.toBeVisible();
    await userEvent.click(
      screen.getByText(
        'AuthorizationPolicy ordering/callgate-orders, rules[0]',
      ),
    );
    expect(text).toBeVisible();
    expect(
      screen.getByText('in clusters/prod-eu/ordering/callgate-orders.yaml'),
    ).toBeVisible();
  });

  it('names the hops as the caller sees them, and says which of them a refused call does not reach', async () => {
    const hop = {
      layer: 'kernel',
      verdict: 'allow' as const,
      text: '',
      by: [],
    };
    open({
      ...shows(),
      getApiOperations: async () => OFFERED,
      explain: async () => [
        {
          ...REFUSED,
          hops: [
            { ...hop, at: 'node of storefront/checkout' },
            { ...hop, at: 'node of ordering/orders', verdict: 'deny' },
            { ...hop, at: 'sidecar of ordering/orders' },
            { ...hop, at: 'sidecar of ordering/orders', verdict: 'deny' },
          ],
        },
      ],
    });
    await pickOrders();
    await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
    const hops = within(
      await screen.findByRole('list', { name: 'The way of the call' }),
    ).getAllByRole('listitem');
    expect(hops[0]).toHaveTextContent(
      'The caller’s own egress lets it through',
    );
    expect(hops[1]).toHaveTextContent('The provider’s node refuses');
    expect(hops[2]).toHaveTextContent(
      'The provider’s sidecar would let it through',
    );
    expect(hops[3]).toHaveTextContent(
      'The provider’s sidecar would refuse it too',
    );
  });

  it('never calls allowed or refused what it cannot judge, and says why', async () => {
    open({
      ...shows(),
      getApiOperations: async () => OFFERED,
      explain: async () => [
        {
          ...REFUSED,
          verdict: 'unknown',
          hops: [],
          conditions: ['orders is in the ambient mesh.'],
          changes: [],
        },
      ],
    });
    await pickOrders();
    await userEvent.click(screen.getByRole('button', { name: 'Explain' }));
    expect(await screen.findByText('Not known in prod-eu')).toBeInTheDocument();
    expect(
      screen.getByRole('heading', { name: 'Why it is not known' }),
    ).toBeInTheDocument();
    expect(
      screen.getByText('orders is in the ambient mesh.'),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Request this' }),
    ).not.toBeInTheDocument();
  });

  it('finds an API that nothing ties to the caller yet, and never offers a hidden one', async () => {
    open({
      ...shows({
        targets: [{ ...PAYMENTS, ref: '', name: '', state: 'hidden' }],
      }),
      getApiOperations: async () => OFFERED,
    });
    await userEvent.click(await screen.findByRole('textbox', { name: 'API' }));
    expect(
      await screen.findByRole('option', { name: /Ledger API/ }),
    ).toBeInTheDocument();
    expect(screen.getAllByRole('option')).toHaveLength(1);
  });

  it('says what went wrong when a call cannot be explained', async () => {
    open({
      ...shows(),
      getApiOperations: () => new Promise(() => {}),
      explain: async () => {
        throw new Error('The estate cannot be read.');
      },
    });
    await pickOrders();
    await userEvent.click(
      screen.getAllByRole('button', { name: 'Explain' }).slice(-1)[0],
    );
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'This call could not be explained. The estate cannot be read.',
    );
  });

  it('says where to ask when nothing is granted or asked for', async () => {
    const { container } = open(
      shows({ calls: [], requests: [], targets: [ORDERS] }),
    );
    expect(
      await screen.findByText('Nothing is granted to Checkout.'),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Orders API' })).toHaveAttribute(
      'href',
      '/catalog/default/api/orders/access',
    );
    expect(screen.getByText('Nothing has been asked for.')).toBeInTheDocument();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('Calls lists what the entity can call without a grant too, and asks for it filled in', async () => {
    open({
      ...shows({
        calls: [{ ...UNGRANTED, caller: CHECKOUT }],
      }),
      preview: () => new Promise<never>(() => {}),
      getApiOperations: async () => OFFERED,
    });
    const table = await screen.findByRole('table', { name: 'Calls' });
    expect(table).toHaveTextContent('no grant');
    expect(table).toHaveTextContent('everything on TCP 8080');
    expect(table).toHaveTextContent('NetworkPolicy allow-ops opens it.');
    await userEvent.click(
      within(table).getByRole('button', {
        name: 'Request access to Orders API',
      }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Request access to Orders API',
    });
    expect(
      await within(dialog).findByDisplayValue(CHECKOUT.ref),
    ).toBeInTheDocument();
  });

  it('Calls offers no request in a row with a grant', async () => {
    open(shows());
    await screen.findByRole('table', { name: 'Calls' });
    expect(
      screen.queryByRole('button', { name: /^Request access/ }),
    ).not.toBeInTheDocument();
  });

  it('Calls lists APIs that are open to everyone, so that “nothing is granted” does not stand alone', async () => {
    const { container } = open(
      shows({
        calls: [],
        targets: [ORDERS],
        openToEveryone: [
          {
            ...UNGRANTED,
            caller: CHECKOUT,
            beyond: [
              {
                ...UNGRANTED.beyond[0],
                because: 'Nothing restricts it.',
                openedBy: [],
              },
            ],
          },
        ],
      }),
    );
    expect(
      await screen.findByText(
        'Nothing is granted to Checkout. 1 API is open to everyone, so that it can call it.',
      ),
    ).toBeInTheDocument();
    const table = screen.getByRole('table', { name: 'Open to everyone' });
    expect(
      within(table).getByRole('link', { name: 'Orders API' }),
    ).toBeInTheDocument();
    expect(table).toHaveTextContent('Nothing restricts it.');
    // It says nowhere that it consumes it.
    expect(
      screen.queryByText(/^The catalog says that it consumes/),
    ).not.toBeInTheDocument();
    expect(
      within(table).getByRole('button', {
        name: 'Request access to Orders API',
      }),
    ).toBeInTheDocument();
    expect(await axe(container)).toHaveNoViolations();
  });

  it('Calls says when policies of others may decide otherwise', async () => {
    open(
      shows({
        others: [{ cluster: 'prod-eu', may: 'refuse', ends: [] }],
      }),
    );
    expect(
      await screen.findByRole('list', { name: 'Policies of others' }),
    ).toHaveTextContent('A policy you may not see in prod-eu may refuse this.');
  });

  it('says why access is not known where it cannot be enforced', async () => {
    open(
      shows({
        calls: [
          row({
            api: PAYMENTS,
            compared: 'declared',
            clusters: [],
            grants: [
              grantInfo({
                status: 'unknown',
                because: 'Cannot be enforced: its name is all that is known',
              }),
            ],
          }),
        ],
      }),
    );
    const table = await screen.findByRole('table', { name: 'Calls' });
    expect(table).toHaveTextContent('Not known');
    expect(table).toHaveTextContent(
      'Cannot be enforced: its name is all that is known',
    );
  });

  it('says nothing of what the reader may not see', async () => {
    open({
      getCallerAccess: async () => {
        throw new CallgateError({
          name: 'NotFoundError',
          message: 'There is no such entity.',
          status: 404,
        });
      },
    });
    expect(
      await screen.findByText('Nothing is known about this'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
  });

  it('tries again after an error', async () => {
    const getCallerAccess = jest
      .fn(async () => callerAccess())
      .mockRejectedValueOnce(new Error('The backend is away.'));
    open({ getCallerAccess });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'What this may call could not be read. The backend is away.',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('table', { name: 'Calls' }),
    ).toBeInTheDocument();
  });

  it('says when the clusters were read last, where they cannot be read now', async () => {
    openTab(<CallsTab />, CHECKOUT.ref, {
      getCallerAccess: async () =>
        callerAccess({
          source: {
            branch: 'main',
            readAt: new Date().toISOString(),
            stale: true,
            problem: 'The folder does not exist.',
            estate: {
              state: 'stale',
              readAt: new Date(Date.now() - 3 * 3_600_000).toISOString(),
              clusters: [{ name: 'prod-eu' }],
            },
          },
        }),
    });
    expect(
      await screen.findByRole('status', { name: /clusters/ }),
    ).toHaveTextContent(/last read 3 hours ago.*The folder does not exist/);
    // Once, and not beside the commit again.
    expect(screen.getAllByText(/The folder does not exist/)).toHaveLength(1);
  });
});
