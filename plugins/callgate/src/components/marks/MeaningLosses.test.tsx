import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { Edge, EntityLabel } from '@callgate/plugin-callgate-common';
import { screen } from '@testing-library/react';
import { MeaningLosses } from './MeaningLosses';

const ORDERS = label('api', 'Orders');
const CHECKOUT = label('component', 'Checkout');
const LISTS: Edge = {
  caller: CHECKOUT,
  api: ORDERS,
  operations: [{ kind: 'http', method: 'GET', path: '/orders', writes: false }],
  clusters: [],
};

function label(kind: string, title: string): EntityLabel {
  const name = title.toLowerCase();
  return {
    ref: `${kind}:default/${name}`,
    kind,
    namespace: 'default',
    name,
    title,
    state: 'visible',
  };
}

/** Lines of the list; those of operations within them are part of theirs. */
const lines = async () =>
  Array.from((await screen.findAllByRole('list'))[0].children).map(
    ({ textContent }) => textContent,
  );

describe('MeaningLosses', () => {
  it('says what a caller keeps, and by what', async () => {
    renderInTestApp(
      <MeaningLosses
        api={ORDERS}
        meaning={{
          kept: [
            { access: [LISTS], by: [{ api: ORDERS }], otherwise: false },
            { access: [LISTS], by: [], otherwise: true },
          ],
        }}
      />,
    );
    const [byGrant, otherwise] = await lines();
    expect(byGrant).toMatch(
      /Checkout keeps.*GET.*\/orders.*by another grant of Orders$/,
    );
    expect(otherwise).toMatch(/because something else opens it$/);
  });

  it('says where an API opens to everyone, once for each cluster', async () => {
    const opening = { cluster: 'prod-eu', workload: 'shop/Deployment/orders' };
    renderInTestApp(
      <MeaningLosses
        api={ORDERS}
        meaning={{
          left: 'open',
          opened: [
            { ...opening, layer: 'kernel' },
            { ...opening, layer: 'method' },
          ],
        }}
      />,
    );
    const [opens, left, ...more] = await lines();
    expect(opens).toMatch(/Orders becomes open to everyone in prod-eu/);
    expect(left).toMatch(/No grant is left:Everyone may call Orders then/);
    expect(more).toEqual([]);
  });

  it('says that an API without grants is closed', async () => {
    renderInTestApp(
      <MeaningLosses api={ORDERS} meaning={{ kept: [], left: 'closed' }} />,
    );
    const [left] = await lines();
    expect(left).toMatch(/Nobody may call Orders then: it is closed/);
  });
});
