import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, within } from '@testing-library/react';
import { edge, ORDERS } from '../RequestPage/__testUtils__/samples';
import { MeaningTable } from './MeaningTable';

describe('MeaningTable', () => {
  it('names what enforces access that is gained, and nothing that would enforce access that is lost', async () => {
    renderInTestApp(
      <MeaningTable
        api={ORDERS}
        meaning={{ gained: [edge()], lost: [edge()], restored: [] }}
      />,
    );
    const [, gained, lost] = await screen.findAllByRole('row');
    expect(within(gained).getByText('All 3 layers')).toBeInTheDocument();
    expect(within(lost).queryByText('All 3 layers')).not.toBeInTheDocument();
    expect(within(lost).getByText('no longer')).toBeInTheDocument();
  });
});
