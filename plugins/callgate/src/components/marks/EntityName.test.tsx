import { renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type { EntityLabel } from '@callgate/plugin-callgate-common';
import { screen } from '@testing-library/react';
import { EntityName } from './EntityName';

const GATEWAY: EntityLabel = {
  ref: 'resource:default/shop-gateway',
  kind: 'resource',
  namespace: 'default',
  name: 'shop-gateway',
  title: 'Shop gateway',
  state: 'visible',
};

describe('EntityName', () => {
  it.each([
    [
      'internet',
      'everyone behind Shop gateway, which takes calls from the internet',
    ],
    [
      'network',
      'everyone behind Shop gateway, which takes calls from a private network',
    ],
    [
      'cluster',
      'everyone behind Shop gateway, which takes calls from inside the cluster',
    ],
    [
      'unknown',
      'everyone behind Shop gateway; from where it takes calls is not known',
    ],
  ] as const)(
    'says of a gateway that takes calls from %s who is behind it, and links its name alone',
    async (takesFrom, said) => {
      const { container } = await renderInTestApp(
        <EntityName entity={{ ...GATEWAY, gateway: { takesFrom } }} />,
        {
          mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
        },
      );
      const link = await screen.findByRole('link', { name: 'Shop gateway' });
      expect(link).toHaveAttribute(
        'href',
        '/catalog/default/resource/shop-gateway',
      );
      expect(container).toHaveTextContent(said);
    },
  );

  it('keeps a title from right to left apart from the words around it', async () => {
    const title = 'المدفوعات';
    renderInTestApp(
      <EntityName
        entity={{ ...GATEWAY, title, namespace: 'shop', state: 'missing' }}
      />,
      {
        mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      },
    );
    const name = await screen.findByText(title);
    expect(name.closest('bdi')).toHaveTextContent(title);
    expect(name.closest('bdi')).not.toHaveTextContent('shop');
  });
});
