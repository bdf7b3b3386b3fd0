import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { GrantPage } from '@callgate/plugin-callgate-common';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { callgateApiRef } from '../../api';
import { grantRouteRef } from '../../routes';
import { grantPage } from '../RequestDialog/__testUtils__/dialogWorld';
import { fakeCallgate } from '../RequestPage/__testUtils__/samples';
import { GrantMenu } from './GrantMenu';

const NAME = /^Change, renew or end the grant of Checkout: GET \/orders/;

async function openMenu(
  getGrant: () => Promise<GrantPage>,
  mountedRoutes = {},
) {
  const onAsk = jest.fn();
  const asked = jest.fn(getGrant);
  const { id, api, operations } = grantPage();
  renderInTestApp(
    <GrantMenu
      grant={{ id, api: api.ref, operations }}
      caller="Checkout"
      onAsk={onAsk}
    />,
    {
      mountedRoutes,
      apis: [[callgateApiRef, fakeCallgate({ getGrant: asked })]],
    },
  );
  const button = await screen.findByRole('button', { name: NAME });
  expect(asked).not.toHaveBeenCalled();
  await userEvent.click(button);
  return { onAsk, asked };
}

describe('the menu of a grant', () => {
  it('offers what the reader may do, and hands over the grant as it is now', async () => {
    const page = grantPage();
    const { onAsk, asked } = await openMenu(async () => page);
    await userEvent.click(await screen.findByRole('menuitem', { name: 'End' }));
    expect(onAsk.mock.calls).toEqual([['end', page]]);
    expect(asked).toHaveBeenCalledWith(
      'checkout-reads',
      expect.objectContaining({ api: 'api:default/orders' }),
    );
    expect(screen.queryByRole('menu')).toBeNull();
  });

  it('says beside what they may not do why, and does nothing when it is pressed', async () => {
    const reason = 'You own neither the caller nor the API.';
    const no = { allowed: false, reason };
    const { onAsk } = await openMenu(async () =>
      grantPage({ change: no, renew: no }),
    );
    const change = await screen.findByRole('menuitem', { name: /^Change/ });
    expect(change).toHaveAttribute('aria-disabled', 'true');
    expect(change).toHaveTextContent(reason);
    await userEvent.click(change);
    expect(onAsk).not.toHaveBeenCalled();
    expect(screen.getByRole('menuitem', { name: 'End' })).toHaveAttribute(
      'aria-disabled',
      'false',
    );
  });

  it('leads to the history of the grant, also where that is all that the reader may', async () => {
    await openMenu(
      async () => {
        throw new Error('There is no such grant.');
      },
      { '/access/grants/:id': grantRouteRef },
    );
    expect(
      await screen.findByRole('menuitem', { name: 'History' }),
    ).toHaveAttribute(
      'href',
      '/access/grants/checkout-reads?of=api%3Adefault%2Forders',
    );
  });

  it('offers nothing where it could not be read', async () => {
    await openMenu(async () => {
      throw new Error('There is no such grant.');
    });
    expect(
      await screen.findByText(
        'What you may do could not be read. There is no such grant.',
      ),
    ).toBeVisible();
    expect(screen.getAllByRole('menuitem')).toHaveLength(1);
  });
});
