import {
  createExternalRouteRef,
  createRouteRef,
} from '@backstage/core-plugin-api';

/** The page that holds all others of the plugin: where the portal's menu leads. */
export const accessRouteRef = createRouteRef({ id: 'callgate:access' });

/** The inbox: requests. */
export const inboxRouteRef = createRouteRef({ id: 'callgate:inbox' });

/** One request. */
export const requestRouteRef = createRouteRef({
  id: 'callgate:request',
  params: ['id'],
});

/** One grant of an API, with its history; the API stands in the query. */
export const grantRouteRef = createRouteRef({
  id: 'callgate:grant',
  params: ['id'],
});

/** All proposals. */
export const proposalsRouteRef = createRouteRef({ id: 'callgate:proposals' });

/** One proposal. */
export const proposalRouteRef = createRouteRef({
  id: 'callgate:proposal',
  params: ['id'],
});

/** Whose workloads are: what several owners claim. Portals of the new frontend system have the page without it. */
export const claimsRouteRef = createRouteRef({ id: 'callgate:claims' });

/** What is known of the clusters. Portals of the new frontend system have the page without it. */
export const clustersRouteRef = createRouteRef({ id: 'callgate:clusters' });

/** What went on before anybody approved it. Portals of the new frontend system have the page without it. */
export const breakGlassRouteRef = createRouteRef({
  id: 'callgate:break-glass',
});
/** What can be imported. Portals of the new frontend system have the page without it. */
export const importRouteRef = createRouteRef({ id: 'callgate:import' });

/** The rules of who approves. Portals of the new frontend system have the page without it. */
export const approvalRulesRouteRef = createRouteRef({
  id: 'callgate:approval-rules',
});

/** Grants that are due for a review. Portals of the new frontend system have the page without it. */
export const reviewsRouteRef = createRouteRef({ id: 'callgate:reviews' });

/** The page of what waits for, and concerns, its reader. Portals of the new frontend system have the page without it. */
export const homeRouteRef = createRouteRef({ id: 'callgate:home' });

/** The page that explains one call. Portals of the new frontend system have the page without it. */
export const explainRouteRef = createRouteRef({ id: 'callgate:explain' });

/** The tab of an API that says who can call it. */
export const apiAccessRouteRef = createRouteRef({ id: 'callgate:api-access' });

/** The tab of a component or resource that says what it may call. */
export const callsRouteRef = createRouteRef({ id: 'callgate:calls' });

/** The catalog's list of entities, in portals that have one. */
export const catalogIndexRouteRef = createExternalRouteRef({
  id: 'callgate:catalog-index',
  optional: true,
  defaultTarget: 'catalog.catalogIndex',
});
