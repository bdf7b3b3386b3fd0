import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { screen } from '@testing-library/react';
import { requestRouteRef } from '../../routes';
import { SentMessage } from './SentMessage';

function show(...numbers: number[]) {
  const requests = numbers.map(
    number =>
      ({
        id: `r${number}`,
        number,
        waitsFor: 'Waits for Orders team',
      } as AccessRequest),
  );
  renderInTestApp(<SentMessage requests={requests} onClose={jest.fn()} />, {
    mountedRoutes: { '/requests/:id': requestRouteRef },
  });
}

describe('SentMessage', () => {
  it('says of one request for whom it waits', async () => {
    show(7);
    expect(await screen.findByRole('status')).toHaveTextContent(
      'The request is sent. Waits for Orders team. Open request 7',
    );
  });

  it('says of several how many they are, with the way to each', async () => {
    show(7, 8);
    expect(await screen.findByRole('status')).toHaveTextContent(
      '2 requests are sent. Open request 7 Open request 8',
    );
    expect(
      screen.getByRole('link', { name: 'Open request 8' }),
    ).toHaveAttribute('href', '/requests/r8');
  });

  it('names no more than a line has room for', async () => {
    show(1, 2, 3, 4);
    expect(await screen.findByRole('status')).toHaveTextContent(
      /^4 requests are sent\.$/,
    );
  });
});
