import { screen } from '@testing-library/react';
import { renderInTestApp } from '@backstage/test-utils';
import { FindingCard } from './FindingCard';
import { label } from '../RequestPage/__testUtils__/samples';
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

  it('who is cut: those that use the API first as they come, each once however many layers close, and one number for the rest', async () => {
    const names = ['Stock', 'Cart', 'Mail', 'Batch', 'Desk', 'Web', 'Zoo'];
    const cut = names.map(name => label(`component:default/${name}`, name));
    await renderInTestApp(
      <MeaningFlips
        api={API}
        flips={(['kernel', 'identity'] as const).map(layer => ({
          cluster: 'prod-eu',
          workload: 'shop/Deployment/orders',
          layer,
          cut,
          cutWorkloads: ['ops/Deployment/batch', 'ops/Deployment/old'],
          cutAddresses: true,
        }))}
      />,
    );
    const item = screen.getByRole('listitem');
    // Seven with a name, two without and the addresses: ten, of whom five are named.
    expect(item).toHaveTextContent('Stock, Cart, Mail, Batch, Desk and 5 more');
    expect(screen.getByText('Zoo')).not.toBeVisible();
    expect(item).toHaveTextContent(
      'Web, Zoo, 2 workloads without a name in the catalog, addresses outside',
    );
  });
});
