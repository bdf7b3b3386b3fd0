import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { Meaning } from '@callgate/plugin-callgate-common';
import { screen } from '@testing-library/react';
import { meaning, ORDERS } from '../RequestPage/__testUtils__/samples';
import { MeaningCard } from './MeaningCard';

const NOBODY = 'This changes nobody’s access.';

async function show(changes: Partial<Meaning>) {
  renderInTestApp(
    <>
      <h1>Read</h1>
      <MeaningCard
        api={ORDERS}
        meaning={meaning({ gained: [], ...changes })}
        dense
      />
    </>,
  );
  await screen.findByRole('heading', { name: 'Read' });
}

describe('MeaningCard', () => {
  it('says that nobody’s access changes where nothing does', async () => {
    await show({});
    expect(screen.getByText(NOBODY)).toBeInTheDocument();
    // Once is enough.
    expect(screen.queryByText(/Nobody loses/)).not.toBeInTheDocument();
  });

  it('never says so where an API opens to everyone: its only caller loses nothing then', async () => {
    await show({
      left: 'open',
      opened: [
        {
          cluster: 'prod-eu',
          workload: 'ordering/Deployment/orders',
          layer: 'kernel',
        },
      ],
    });
    expect(screen.queryByText(NOBODY)).not.toBeInTheDocument();
  });

  it.each([
    ['2027-03-01', 'What is granted stays as it is, until 1 March 2027.'],
    ['', 'What is granted stays as it is, without a last day.'],
  ])(
    'says the new day where that is all that changes: “%s”',
    async (until, says) => {
      await show({ until });
      expect(screen.getByText(says)).toBeInTheDocument();
      expect(screen.queryByText(NOBODY)).not.toBeInTheDocument();
    },
  );

  it('counts whom the reader may not see among those who are cut', async () => {
    await show({
      flips: [
        {
          cluster: 'prod-eu',
          workload: 'ordering/Deployment/orders',
          layer: 'kernel',
          cut: [],
          cutWorkloads: ['insight/Job/batch'],
          cutUnseen: 2,
          cutAddresses: false,
        },
      ],
    });
    expect(
      screen.getByText(
        /1 workload without a name in the catalog, 2 workloads that you may not see/,
      ),
    ).toBeInTheDocument();
  });

  it('never says that nobody is cut where all who are may not be seen', async () => {
    await show({
      flips: [
        {
          cluster: 'prod-eu',
          workload: 'ordering/Deployment/orders',
          layer: 'kernel',
          cut: [],
          cutWorkloads: [],
          cutUnseen: 1,
          cutAddresses: false,
        },
      ],
    });
    expect(
      screen.getByText(/1 workload that you may not see/),
    ).toBeInTheDocument();
    expect(screen.queryByText(/Nobody/)).not.toBeInTheDocument();
  });

  it('never says so where an API closes', async () => {
    await show({
      flips: [
        {
          cluster: 'prod-eu',
          workload: 'ordering/Deployment/orders',
          layer: 'kernel',
          cut: [],
          cutWorkloads: ['insight/Job/batch'],
          cutAddresses: false,
        },
      ],
    });
    expect(screen.queryByText(NOBODY)).not.toBeInTheDocument();
  });
});
