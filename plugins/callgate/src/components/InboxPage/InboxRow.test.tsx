import { renderInTestApp } from '@backstage/frontend-test-utils';
import { cleanup, screen } from '@testing-library/react';
import { request } from '../RequestPage/__testUtils__/samples';
import { requestRouteRef } from '../../routes';
import { InboxRow } from './InboxRow';

const show = (changes: Parameters<typeof request>[0]) =>
  renderInTestApp(<InboxRow request={request(changes)} />, {
    mountedRoutes: { '/access/requests/:id': requestRouteRef },
  });

describe('a row of the inbox', () => {
  it('says of a request about a grant what becomes of it, and not that somebody asks for access', async () => {
    const summary = 'Checkout asks to end its access to Orders: GET /orders';
    show({ kind: 'end', summary });
    expect(
      await screen.findByRole('link', { name: summary }),
    ).toHaveTextContent(summary);
    expect(screen.queryByText(/asks to$/)).toBeNull();
    // Nothing is risked by what can be done no longer.
    expect(screen.queryByText(/^(read only|writes|whole port)$/)).toBeNull();
  });

  it('says until when new access is asked for', async () => {
    show({ kind: 'new', until: '2999-03-01' });
    expect(await screen.findByText(/^until 1 March 2999 \(in /)).toBeVisible();
    expect(screen.getByText(/asks to/)).toBeVisible();
  });

  it('says of what went on before anybody approved it that it is to be decided afterwards, and what came of that', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const state = 'merged';
    show({
      state,
      waitsForMe: true,
      breakGlass: { afterwards: 'undecided', expiresAt },
    });
    expect(await screen.findByText('Decide afterwards')).toBeVisible();
    cleanup();
    show({ state, breakGlass: { afterwards: 'lapsed', expiresAt } });
    expect(
      await screen.findByText('Break-glass · nobody decided in time'),
    ).toBeVisible();
    expect(screen.queryByText('Decide afterwards')).toBeNull();
  });

  it('says where its marks are of when it was sent, because nothing has compared it with today yet', async () => {
    const mark = /not compared with today yet/;
    show({ meaningChanged: undefined });
    expect(await screen.findByText(mark)).toBeVisible();
    cleanup();
    show({ meaningChanged: false });
    expect(await screen.findByText(/asks to/)).toBeVisible();
    expect(screen.queryByText(mark)).toBeNull();
    cleanup();
    // Nothing is compared that was decided.
    show({ meaningChanged: undefined, state: 'merged' });
    expect(await screen.findByText(/asks to/)).toBeVisible();
    expect(screen.queryByText(mark)).toBeNull();
  });
});
