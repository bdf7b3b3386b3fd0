import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { screen, within } from '@testing-library/react';
import { axe } from 'jest-axe';
import { CallgateApi, callgateApiRef } from '../../api';
import {
  apiAccess,
  GRANTED,
  UNGRANTED,
} from '../ApiAccess/__testUtils__/apiAccess';
import { fakeCallgate, grantInfo } from '../RequestPage/__testUtils__/samples';
import { AccessPolicyCard } from './AccessPolicyCard';

const UNREADABLE = {
  'callgate.dev/not-readable': 'A field is wrong (line 10)',
};

function show(
  answers: Partial<CallgateApi>,
  changes: { annotations?: Record<string, string>; api?: string } = {},
) {
  const { annotations, api = 'orders' } = changes;
  return renderInTestApp(
    <EntityProvider
      entity={{
        apiVersion: 'callgate.dev/v1alpha1',
        kind: 'AccessPolicy',
        metadata: { name: 'orders', ...(annotations && { annotations }) },
        spec: { api },
      }}
    >
      <AccessPolicyCard />
    </EntityProvider>,
    {
      apis: [[callgateApiRef, fakeCallgate(answers)]],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
}

describe('AccessPolicyCard', () => {
  it('shows its grants alone, each with caller, operations, clusters and where it stands, and leads to who can call', async () => {
    const getApiAccess = jest.fn(async () =>
      apiAccess({
        callers: [
          GRANTED,
          {
            ...GRANTED,
            grants: [
              grantInfo({
                status: 'declared-not-effective',
                because: 'No workload runs',
              }),
            ],
          },
          UNGRANTED,
        ],
      }),
    );
    const { container } = await show({ getApiAccess });
    const table = within(await screen.findByRole('table', { name: 'Grants' }));
    expect(getApiAccess).toHaveBeenCalledWith(
      'api:default/orders',
      expect.anything(),
    );
    expect(table.getAllByRole('link', { name: 'Checkout' })).toHaveLength(2);
    expect(table.getAllByText('/orders')).toHaveLength(2);
    expect(table.getByText(/No workload runs/)).toBeInTheDocument();
    expect(table.queryByText('Legacy batch')).not.toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'Who can call the API' }),
    ).toHaveAttribute('href', '/catalog/default/api/orders/access');
    expect(await axe(container)).toHaveNoViolations();
  });

  it('says what is wrong with a declaration that cannot be read, and asks nobody for its grants', async () => {
    show({}, { annotations: UNREADABLE });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'This declaration cannot be read. A field is wrong (line 10)',
    );
    expect(screen.getByText(/Nothing of it is used/)).toBeInTheDocument();
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
  });

  it('shows errors of its grants above them', async () => {
    show({
      getApiAccess: async () =>
        apiAccess({
          findings: [
            {
              code: 'unknown-operation',
              severity: 'error',
              title: 'An operation is not in the definition',
              message: 'listOrder is not an operation of Orders API',
              objects: [],
            },
          ],
        }),
    });
    expect(
      await screen.findByText(/listOrder is not an operation/),
    ).toBeInTheDocument();
  });

  it('says that no grant is declared', async () => {
    show({ getApiAccess: async () => apiAccess({ callers: [UNGRANTED] }) });
    expect(
      await screen.findByText('No grant is declared that you may see.'),
    ).toBeInTheDocument();
  });
});
