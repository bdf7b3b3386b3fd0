import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { apiAccessRouteRef, callsRouteRef } from '../routes';

/** The tab **Access** of an API. Without a group it is a tab of its own and not an entry in a menu. */
export const apiAccessContent = EntityContentBlueprint.make({
  name: 'access',
  params: {
    path: '/access',
    title: 'Access',
    routeRef: apiAccessRouteRef,
    filter: { kind: 'api' },
    loader: () =>
      import('../components/ApiAccess').then(m => <m.ApiAccessTab />),
  },
});

/** The tab **Calls** of what can call. */
export const callsContent = EntityContentBlueprint.make({
  name: 'calls',
  params: {
    path: '/calls',
    title: 'Calls',
    routeRef: callsRouteRef,
    filter: { kind: { $in: ['component', 'resource'] } },
    loader: () => import('../components/CallsTab').then(m => <m.CallsTab />),
  },
});

/** The card of an AccessPolicy: its grants, and what is wrong with them. */
export const accessPolicyCard = EntityCardBlueprint.make({
  name: 'grants',
  params: {
    type: 'content',
    filter: { kind: 'accesspolicy' },
    loader: () =>
      import('../components/AccessPolicyCard').then(m => (
        <m.AccessPolicyCard />
      )),
  },
});
