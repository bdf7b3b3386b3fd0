import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { axe } from 'jest-axe';
import { manyRows } from '../../../dev/wideShop';
import { ApiAccessTab } from './ApiAccessTab';
import { apiAccess } from './__testUtils__/apiAccess';
import { openTab } from './__testUtils__/openTab';

async function openWith(count: number) {
  const callers = manyRows(count);
  const { headline } = apiAccess();
  const { container } = openTab(<ApiAccessTab />, 'api:default/orders', {
    getApiAccess: async () =>
      apiAccess({
        callers,
        headline: { ...headline, callers: count, ungranted: 0 },
      }),
  });
  const table = await screen.findByRole('table', { name: 'Callers' });
  // The first row holds the heads.
  const rows = () => within(table).getAllByRole('row').slice(1);
  return { container, rows };
}

describe('500 callers of an API', () => {
  it('first draws 50 rows, says how many there are, and has no accessibility violations', async () => {
    const { container, rows } = await openWith(500);
    expect(rows()).toHaveLength(50);
    expect(screen.getByText('50 of 500 are shown')).toHaveAttribute(
      'role',
      'status',
    );
    expect(await axe(container)).toHaveNoViolations();
  });

  it('draws 50 more by the keyboard, and goes on with the first of them', async () => {
    const { rows } = await openWith(120);
    screen.getByRole('button', { name: 'Show 50 more' }).focus();
    await userEvent.keyboard('{Enter}');
    expect(rows()).toHaveLength(100);
    expect(rows()[50]).toHaveFocus();
    await userEvent.tab();
    expect(
      within(rows()[50]).getByRole('button', { name: /^Explain/ }),
    ).toHaveFocus();
    await userEvent.click(screen.getByRole('button', { name: 'Show 20 more' }));
    expect(rows()).toHaveLength(120);
    expect(screen.queryByRole('button', { name: /more$/ })).toBeNull();
    expect(screen.getByText('120 of 120 are shown')).toBeInTheDocument();
  });

  it('finds a caller that is not drawn yet', async () => {
    const { rows } = await openWith(500);
    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Filter callers' }),
      'caller-497',
    );
    expect(rows()).toHaveLength(1);
    expect(rows()[0]).toHaveTextContent('Caller 497');
    expect(screen.queryByText(/are shown$/)).toBeNull();
  });

  it('draws all of 50 without a word about more', async () => {
    const { rows } = await openWith(50);
    expect(rows()).toHaveLength(50);
    expect(screen.queryByText(/are shown$/)).toBeNull();
  });
});
