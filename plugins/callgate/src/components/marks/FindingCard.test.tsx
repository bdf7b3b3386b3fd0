import { screen } from '@testing-library/react';
import { renderInTestApp } from '@backstage/test-utils';
import { FindingCard } from './FindingCard';
import { MeaningFlips } from './MeaningFlips';

const API = {
  ref: 'api:default/orders',
  kind: 'api',
  namespace: 'default',
  name: 'orders',
  title: 'Orders API',
  state: 'visible',
} as const;

describe('FindingCard', () => {
  it('has ids, codes and places under Details, and titles in its sentence', async () => {
    await renderInTestApp(
      <FindingCard
        finding={{
          code: 'whole-port-granted',
          severity: 'info',
          title: 'A grant covers everything behind a port',
          message: 'The grant covers everything behind TCP 8080 of Orders',
          detail:
            'The grant covers everything behind TCP 8080 of shop/Deployment/orders',
          objects: ['shop/Deployment/orders'],
          at: { file: 'policies/default/orders.yaml', line: 7 },
        }}
      />,
    );
    expect(screen.getByText(/TCP 8080 of Orders/)).toBeVisible();
    for (const hidden of [
      /shop\/Deployment\/orders/,
      /policies\/default\/orders.yaml:7/,
      /whole-port-granted/,
    ]) {
      expect(screen.getByText(hidden)).not.toBeVisible();
      expect(screen.getByText(hidden).closest('details')).not.toBeNull();
    }
  });
});

describe('MeaningFlips', () => {
  it('names addresses outside, and counts them as no workload', async () => {
    await renderInTestApp(
      <MeaningFlips
        api={API}
        flips={[
          {
            cluster: 'prod-eu',
            workload: 'shop/Deployment/orders',
            layer: 'kernel',
            cut: [],
            cutWorkloads: ['ops/Deployment/batch'],
            cutAddresses: true,
          },
        ]}
      />,
    );
    expect(screen.getByRole('listitem')).toHaveTextContent(
      'Cut, allowed today without a grant: 1 workload without a name in the catalog, addresses outside.',
    );
  });
});
