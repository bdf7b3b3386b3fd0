import { Sidebar, SidebarPinStateProvider } from '@backstage/core-components';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import { callgateApiRef } from '../../api';
import { fakeCallgate } from '../RequestPage/__testUtils__/samples';
import { AccessSidebarItem } from './AccessSidebarItem';

function show(isPinned: boolean, waiting: number, reviews = 0) {
  return renderInTestApp(
    <SidebarPinStateProvider
      value={{
        isPinned,
        isMobile: false,
        toggleSidebarPinState: () => undefined,
      }}
    >
      <Sidebar disableExpandOnHover>
        <AccessSidebarItem to="/access" />
      </Sidebar>
    </SidebarPinStateProvider>,
    {
      apis: [
        [
          callgateApiRef,
          fakeCallgate({
            listRequests: async () => ({ items: [], total: waiting }),
            listProposals: async () => ({ items: [], total: 0 }),
            listReviews: async () => ({
              items: [],
              total: reviews,
              waiting: reviews,
              hidden: 0,
              asked: true,
            }),
          }),
        ],
      ],
    },
  );
}

describe('AccessSidebarItem', () => {
  it.each([
    ['open', true],
    ['closed', false],
  ])(
    'says in its name how much waits while the menu is %s',
    async (_, isPinned) => {
      show(isPinned, 3);
      const link = await screen.findByRole('link', {
        name: 'Access, 3 wait for you',
      });
      expect(link).toHaveAttribute('href', '/access');
      // Who speaks to the portal says what they see: a number beside it must not be part of that.
      expect(link).toHaveTextContent(
        isPinned ? /^3 wait for youAccess$/ : /^3 wait for you$/,
      );
    },
  );

  it('counts grants that wait for a review', async () => {
    show(false, 3, 4);
    expect(
      await screen.findByRole('link', { name: 'Access, 7 wait for you' }),
    ).toBeInTheDocument();
  });

  it('is its title alone where nothing waits', async () => {
    show(false, 0);
    expect(
      await screen.findByRole('link', { name: 'Access' }),
    ).toHaveTextContent(/^$/);
  });
});
