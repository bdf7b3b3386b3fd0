import { renderTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import {
  catalogApiMock,
  createTestEntityPage,
} from '@backstage/plugin-catalog-react/testUtils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { CallgateApi, callgateApiRef, CallgateError } from '../api';
import { apiAccess } from '../components/ApiAccess/__testUtils__/apiAccess';
import { grantPage } from '../components/RequestDialog/__testUtils__/dialogWorld';
import {
  fakeCallgate,
  proposal,
  request,
} from '../components/RequestPage/__testUtils__/samples';
import { apiAccessContent, callsContent } from './entityContents';
import callgatePlugin from '.';

function open(path: string, answers: Partial<CallgateApi>) {
  return renderTestApp({
    features: [callgatePlugin],
    initialRouteEntries: [path],
    apis: [
      [callgateApiRef, fakeCallgate(answers)],
      [catalogApiRef, catalogApiMock()],
    ],
  });
}

function openEntity(kind: string, answers: Partial<CallgateApi>) {
  return renderTestApp({
    extensions: [
      createTestEntityPage({
        entity: {
          apiVersion: 'backstage.io/v1alpha1',
          kind,
          metadata: { name: 'orders' },
        },
      }),
      apiAccessContent,
      callsContent,
    ],
    mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    apis: [[callgateApiRef, fakeCallgate(answers)]],
  });
}

const noRequests = {
  listRequests: async () => ({ items: [], total: 0 }),
  listProposals: async () => ({ items: [], total: 0 }),
};

describe('callgatePlugin in the new frontend system', () => {
  it('counts on its entry in the menu what waits for the reader', async () => {
    open('/access', {
      listRequests: async ({ limit }) => ({
        items: [],
        total: limit === 1 ? 2 : 0,
      }),
      listProposals: async () => ({ items: [], total: 1 }),
    });
    const [count] = await screen.findAllByText('3 wait for you');
    expect(count.closest('a')).toHaveAttribute('href', '/access');
  });

  it('leads from its entry in the menu to the inbox', async () => {
    open('/access', noRequests);
    expect(
      await screen.findByText('Nothing waits for you.'),
    ).toBeInTheDocument();
    for (const link of screen.getAllByRole('link', { name: 'Access' })) {
      expect(link).toHaveAttribute('href', '/access');
    }
  });

  it('opens the list of pull requests beside the inbox', async () => {
    open('/access/proposals', {
      listProposals: async () => ({ items: [], total: 0 }),
    });
    expect(
      await screen.findByText('No pull request for access is open.'),
    ).toBeInTheDocument();
  });

  it('leads whoever may settle claims from the list of pull requests to a page of its own', async () => {
    open('/access/proposals', {
      listProposals: async () => ({ items: [], total: 0, contestedClaims: 0 }),
      getClaims: async () => ({
        contested: [],
        refused: [],
        outside: [],
        unseen: 0,
        source: { branch: 'main', readAt: '', stale: false },
      }),
    });
    // The first test of a page loads it.
    const link = await screen.findByRole(
      'link',
      { name: 'Claims' },
      { timeout: 15_000 },
    );
    expect(link).toHaveAttribute('href', '/access/claims');
    await userEvent.click(link);
    expect(
      await screen.findByText('Nobody contests a claim.'),
    ).toBeInTheDocument();
  });

  it('leads members of the platform team from the list of pull requests to what is known of the clusters', async () => {
    open('/access/proposals', {
      listProposals: async () => ({ items: [], total: 0, contestedClaims: 0 }),
      getClusters: async () => ({
        clusters: [],
        source: { branch: 'main', readAt: '', stale: false },
      }),
    });
    const link = await screen.findByRole(
      'link',
      { name: 'Clusters' },
      { timeout: 15_000 },
    );
    expect(link).toHaveAttribute('href', '/access/clusters');
    await userEvent.click(link);
    expect(
      await screen.findByText('No cluster is known.', {}, { timeout: 15_000 }),
    ).toBeInTheDocument();
  });

  it('has a page of the rules of who approves, to which the inbox leads', async () => {
    open('/access/requests', {
      listRequests: async () => ({ items: [], total: 0 }),
      listProposals: async () => ({ items: [], total: 0 }),
      getApprovalRules: async () => ({
        rules: [],
        evaluators: [],
        stops: false,
        findings: [],
        source: { branch: 'main', readAt: '', stale: false },
      }),
    });
    const link = await screen.findByRole(
      'link',
      { name: 'Approval rules' },
      { timeout: 15_000 },
    );
    expect(link).toHaveAttribute('href', '/access/approval-rules');
    await userEvent.click(link);
    expect(
      await screen.findByText('There are no rules.', {}, { timeout: 15_000 }),
    ).toBeInTheDocument();
  });

  it('has a page of grants to review, to which the inbox leads where some wait', async () => {
    open('/access/requests', {
      listRequests: async () => ({ items: [], total: 0 }),
      listProposals: async () => ({ items: [], total: 0 }),
      listReviews: async () => ({
        items: [],
        total: 0,
        waiting: 3,
        hidden: 0,
        asked: true,
      }),
    });
    const link = await screen.findByRole(
      'link',
      { name: '3 grants wait for your review' },
      { timeout: 15_000 },
    );
    expect(link).toHaveAttribute('href', '/access/reviews');
    await userEvent.click(link);
    expect(
      await screen.findByText(
        'Nothing waits for your review.',
        {},
        { timeout: 15_000 },
      ),
    ).toBeInTheDocument();
  });

  it.each([
    '/access/nothing',
    '/access/requests/r1/nothing',
    '/access/proposals/p1/nothing',
    '/access/grants/g1/nothing',
    '/access/claims/nothing',
    '/access/clusters/nothing',
    '/access/break-glass/nothing',
    '/access/import/nothing',
    '/access/approval-rules/nothing',
    '/access/reviews/nothing',
    '/access/home/nothing',
    '/access/explain/nothing',
    '/access/nothing/at/all',
  ])('has no page at %s', async path => {
    const asked = jest.fn();
    open(path, {
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
    expect(await screen.findByText(/PAGE NOT FOUND/)).toBeInTheDocument();
    expect(asked).not.toHaveBeenCalled();
  });

  it.each([
    '/access/requests/secret',
    '/access/proposals/secret',
    '/access/grants/secret',
    '/access/claims',
    '/access/clusters',
    '/access/break-glass',
    '/access/import',
  ])(
    'shows whoever may not see %s the same page as where nothing is',
    async path => {
      const hidden = async () => {
        throw new CallgateError({
          status: 403,
          name: 'NotAllowedError',
          message: 'You may not see this',
        });
      };
      open(path, {
        listRequests: async () => ({ items: [], total: 0 }),
        listProposals: async () => ({ items: [], total: 0 }),
        getRequest: hidden,
        getProposal: hidden,
        getGrant: hidden,
        getClaims: hidden,
        getClusters: hidden,
        getBrokenGlass: hidden,
        getImports: hidden,
      });
      expect(await screen.findByText(/PAGE NOT FOUND/)).toBeInTheDocument();
      expect(screen.queryByText(/You may not see/)).not.toBeInTheDocument();
    },
  );

  it('has a start page, which a portal may mount where people begin', async () => {
    open('/access/home', {
      listRequests: async () => ({ items: [], total: 0 }),
      listProposals: async () => ({ items: [], total: 0 }),
    });
    expect(
      await screen.findByText('You have not asked for anything.'),
    ).toBeInTheDocument();
  });

  it('opens one request by its id', async () => {
    const getRequest = jest.fn(async () => request());
    open('/access/requests/r1', { getRequest });
    expect(
      await screen.findByText('Order status on the confirmation page.'),
    ).toBeInTheDocument();
    expect(getRequest).toHaveBeenCalledWith('r1', expect.anything());
  });

  it('opens one grant by its id, of the API in the query', async () => {
    const getGrant = jest.fn(async () => grantPage());
    open('/access/grants/checkout-reads?of=api:default/orders', {
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
    const getProposal = jest.fn(async () => proposal());
    open('/access/proposals/p1', { getProposal });
    expect(
      await screen.findByRole('heading', {
        name: 'Access to Orders API: Checkout',
      }),
    ).toBeInTheDocument();
    expect(getProposal).toHaveBeenCalledWith('p1', expect.anything());
  });

  it('says of an API who can call it, and nothing of what it may call', async () => {
    openEntity('API', { getApiAccess: async () => apiAccess() });
    expect(
      await screen.findByRole('heading', { name: /^Closed to/ }),
    ).toBeInTheDocument();
  });

  it('says of a resource what it may call, and nothing of who can call it', async () => {
    openEntity('Resource', {
      getCallerAccess: async ref => ({
        caller: {
          ref,
          kind: 'resource',
          namespace: 'default',
          name: 'orders',
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
      await screen.findByText('Nothing is granted to orders.'),
    ).toBeInTheDocument();
  });
});
