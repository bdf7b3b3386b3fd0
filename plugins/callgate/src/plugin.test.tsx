import { FlatRoutes } from '@backstage/core-app-api';
import { catalogApiRef, EntityProvider } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route } from 'react-router-dom';
import { CallgateApi, callgateApiRef, CallgateClient } from './api';
import { apiAccess } from './components/ApiAccess/__testUtils__/apiAccess';
import { grantPage } from './components/RequestDialog/__testUtils__/dialogWorld';
import {
  fakeCallgate,
  proposal,
  request,
  summary,
} from './components/RequestPage/__testUtils__/samples';
import {
  AccessExplainPage,
  AccessGrantPage,
  AccessHomePage,
  AccessProposalPage,
  AccessProposalsPage,
  AccessRequestPage,
  AccessRequestsPage,
  callgatePlugin,
  EntityApiAccessContent,
  EntityCallsContent,
} from '.';

const ORDERS = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'API',
  metadata: { name: 'orders' },
};
const CHECKOUT = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'checkout' },
};

function open(path: string, answers: Partial<CallgateApi>) {
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [callgateApiRef, fakeCallgate(answers)],
        [catalogApiRef, catalogApiMock()],
      ]}
    >
      <FlatRoutes>
        <Route path="/access/home" element={<AccessHomePage />} />
        <Route path="/access/explain" element={<AccessExplainPage />} />
        <Route path="/access/requests" element={<AccessRequestsPage />} />
        <Route path="/access/requests/:id" element={<AccessRequestPage />} />
        <Route path="/access/grants/:id" element={<AccessGrantPage />} />
        <Route path="/access/proposals" element={<AccessProposalsPage />} />
        <Route path="/access/proposals/:id" element={<AccessProposalPage />} />
        <Route
          path="/orders/access"
          element={
            <EntityProvider entity={ORDERS}>
              <EntityApiAccessContent />
            </EntityProvider>
          }
        />
        <Route
          path="/checkout/calls"
          element={
            <EntityProvider entity={CHECKOUT}>
              <EntityCallsContent />
            </EntityProvider>
          }
        />
      </FlatRoutes>
    </TestApiProvider>,
    { routeEntries: [path] },
  );
}

describe('callgatePlugin in a classic portal', () => {
  it('brings its own client, which asks the plugin wherever the portal finds it', async () => {
    const fetch = jest.fn(
      async (_url: string) => new Response('{"items":[],"total":0}'),
    );
    const [{ api, factory }] = [...callgatePlugin.getApis()];
    expect(api).toBe(callgateApiRef);
    const client = factory({ fetchApi: { fetch } });
    expect(client).toBeInstanceOf(CallgateClient);
    if (client instanceof CallgateClient) {
      await client.listRequests({});
    }
    expect(fetch.mock.calls[0][0]).toBe('plugin://callgate/requests');
  });

  it('opens a request from the inbox, and the pull requests from the tab beside it', async () => {
    await open('/access/requests', {
      listRequests: async () => ({ items: [summary()], total: 1 }),
      listProposals: async () => ({ items: [], total: 0 }),
    });
    expect(
      await screen.findByRole('link', {
        name: 'Checkout asks to GET /orders of Orders API',
      }),
    ).toHaveAttribute('href', '/access/requests/r1');
    await userEvent.click(screen.getByRole('tab', { name: 'Pull requests' }));
    expect(
      await screen.findByText('No pull request for access is open.'),
    ).toBeInTheDocument();
  });

  it('opens one request by its id', async () => {
    const getRequest = jest.fn(async () => request());
    await open('/access/requests/r1', { getRequest });
    expect(
      await screen.findByText('Order status on the confirmation page.'),
    ).toBeInTheDocument();
    expect(getRequest).toHaveBeenCalledWith('r1', expect.anything());
  });

  it('opens one grant by its id, of the API in the query', async () => {
    const getGrant = jest.fn(async () => grantPage());
    await open('/access/grants/checkout-reads?of=api:default/orders', {
      getGrant,
    });
    expect(
      await screen.findByRole('heading', {
        name: 'Checkout may call Orders API',
      }),
    ).toBeInTheDocument();
    expect(getGrant).toHaveBeenCalledWith(
      'checkout-reads',
      expect.objectContaining({ api: 'api:default/orders' }),
    );
  });

  it('opens one pull request by its id', async () => {
    await open('/access/proposals/p1', { getProposal: async () => proposal() });
    expect(
      await screen.findByRole('heading', {
        name: 'Access to Orders API: Checkout',
      }),
    ).toBeInTheDocument();
  });

  it('shows the tab of an API', async () => {
    await open('/orders/access', { getApiAccess: async () => apiAccess() });
    expect(
      await screen.findByRole('heading', { name: /^Closed to/ }),
    ).toBeInTheDocument();
  });

  it('shows the tab of a component', async () => {
    await open('/checkout/calls', {
      getCallerAccess: async ref => ({
        caller: {
          ref,
          kind: 'component',
          namespace: 'default',
          name: 'checkout',
          state: 'visible',
        },
        calls: [],
        openToEveryone: [],
        others: [],
        requests: [],
        targets: [],
        findings: [],
        source: {
          branch: 'main',
          readAt: new Date().toISOString(),
          stale: false,
        },
      }),
    });
    expect(
      await screen.findByText('Nothing is granted to checkout.'),
    ).toBeInTheDocument();
  });

  it.each([
    '/access/requests/r1/nothing',
    '/access/requests/r1/nothing/at/all',
    '/access/proposals/p1/nothing',
    '/access/grants/g1/nothing',
    '/access/home/nothing',
    '/access/explain/nothing',
  ])('has no page at %s', async path => {
    const asked = jest.fn();
    await open(path, {
      listRequests: async () => ({ items: [], total: 0 }),
      listProposals: async () => ({ items: [], total: 0 }),
      getRequest: async () => {
        asked();
        return request();
      },
      getProposal: async () => {
        asked();
        return proposal();
      },
    });
    expect(
      // The first test of a page loads it.
      await screen.findByText(/PAGE NOT FOUND/, {}, { timeout: 15_000 }),
    ).toBeInTheDocument();
    expect(asked).not.toHaveBeenCalled();
  });

  it('has a start page with what waits for its reader', async () => {
    await open('/access/home', {
      listRequests: async () => ({ items: [], total: 0 }),
      listProposals: async () => ({ items: [], total: 0 }),
    });
    expect(
      await screen.findByText('You have not asked for anything.'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('heading', { name: 'Home', level: 1 }),
    ).toBeInTheDocument();
  });

  it('explains a call that stands in the URL', async () => {
    await open(
      '/access/explain?from=component:default/checkout&to=api:default/orders',
      {
        explain: async () => [],
        getApiOperations: async () => {
          throw new Error('none');
        },
      },
    );
    expect(
      await screen.findByRole('heading', { name: 'checkout calls orders' }),
    ).toBeInTheDocument();
  });
});
