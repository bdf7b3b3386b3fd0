import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { manyRows } from '../../../dev/wideShop';
import { ApiAccessTab } from './ApiAccessTab';
import { apiAccess } from './__testUtils__/apiAccess';
import { openTab } from './__testUtils__/openTab';

async function openWith(count: number) {
  const callers = manyRows(count);
  const { headline } = apiAccess();
  openTab(<ApiAccessTab />, 'api:default/orders', {
    getApiAccess: async () =>
      apiAccess({
        callers,
        headline: { ...headline, callers: count, ungranted: 0 },
      }),
  });
  const table = await screen.findByLabelText('Callers', { selector: 'table' });
  // To ask for roles takes jsdom seconds where there are hundreds of elements.
  return () => Array.from(table.querySelectorAll<HTMLElement>('tbody > tr'));
}

describe('500 callers of an API', () => {
  it('first draws 50 rows and says how many there are', async () => {
    const rows = await openWith(500);
    expect(rows()).toHaveLength(50);
    expect(screen.getByText('50 of 500 are shown')).toHaveAttribute(
      'role',
      'status',
    );
  });

  it('draws 50 more by the keyboard, and goes on with the first of them', async () => {
    const rows = await openWith(120);
    screen.getByText('Show 50 more').closest('button')!.focus();
    await userEvent.keyboard('{Enter}');
    expect(rows()).toHaveLength(100);
    expect(rows()[50]).toHaveFocus();
    await userEvent.tab();
    expect(rows()[50]).toContainElement(document.activeElement as HTMLElement);
    await userEvent.click(screen.getByText('Show 20 more'));
    expect(rows()).toHaveLength(120);
    expect(screen.queryByText(/more$/)).toBeNull();
    expect(screen.getByText('120 of 120 are shown')).toBeInTheDocument();
  });

  it('finds a caller that is not drawn yet', async () => {
    const rows = await openWith(500);
    screen.getByLabelText('Filter callers').focus();
    await userEvent.paste('caller-497');
    expect(rows()).toHaveLength(1);
    expect(rows()[0]).toHaveTextContent('Caller 497');
    expect(screen.queryByText(/are shown$/)).toBeNull();
  });

  it('draws all of 50 without a word about more', async () => {
    const rows = await openWith(50);
    expect(rows()).toHaveLength(50);
    expect(screen.queryByText(/are shown$/)).toBeNull();
  });
});
