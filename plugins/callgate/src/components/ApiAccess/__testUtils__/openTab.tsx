import type { Entity } from '@backstage/catalog-model';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import type { ReactElement } from 'react';
import { CallgateApi, callgateApiRef } from '../../../api';
import { proposalRouteRef, requestRouteRef } from '../../../routes';
import { useLocation, useNavigate } from '../../../routing';
import { fakeCallgate } from '../../RequestPage/__testUtils__/samples';

const BATCH: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    namespace: 'default',
    name: 'legacy-batch',
    title: 'Legacy batch',
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/insight-team' }],
};

const LEDGER: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'API',
  metadata: { namespace: 'default', name: 'ledger', title: 'Ledger API' },
};

function Where() {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  return (
    <>
      <p>at {`${pathname}${search}`}</p>
      <button hidden onClick={() => navigate(-1)}>
        The browser’s Back
      </button>
    </>
  );
}

/** Opens a tab of an entity's page against a backend that answers what the test says. */
export function openTab(
  tab: ReactElement,
  entityRef: string,
  answers: Partial<CallgateApi>,
  path = '/',
) {
  const [kind, rest] = entityRef.split(':');
  const [namespace, name] = rest.split('/');
  return renderInTestApp(
    <EntityProvider
      entity={{
        apiVersion: 'backstage.io/v1alpha1',
        kind,
        metadata: { namespace, name },
      }}
    >
      {tab}
      <Where />
    </EntityProvider>,
    {
      apis: [
        [callgateApiRef, fakeCallgate(answers)],
        [catalogApiRef, catalogApiMock({ entities: [BATCH, LEDGER] })],
        mockApis.identity({
          userEntityRef: 'user:default/omar',
          ownershipEntityRefs: [
            'user:default/omar',
            'group:default/orders-team',
          ],
        }),
      ],
      mountedRoutes: {
        '/access/requests/:id': requestRouteRef,
        '/access/proposals/:id': proposalRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
      initialRouteEntries: [path],
    },
  );
}
