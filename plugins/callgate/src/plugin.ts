import type { JSX } from 'react';
import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { callgateApiRef, CallgateClient } from './api';
import {
  apiAccessRouteRef,
  approvalRulesRouteRef,
  reviewsRouteRef,
  callsRouteRef,
  catalogIndexRouteRef,
  claimsRouteRef,
  breakGlassRouteRef,
  clustersRouteRef,
  importRouteRef,
  explainRouteRef,
  grantRouteRef,
  homeRouteRef,
  inboxRouteRef,
  proposalRouteRef,
  proposalsRouteRef,
  requestRouteRef,
} from './routes';

/**
 * Callgate for the classic frontend system.
 *
 * @public
 */
export const callgatePlugin = createPlugin({
  id: 'callgate',
  apis: [
    createApiFactory({
      api: callgateApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new CallgateClient({ fetchApi }),
    }),
  ],
  routes: {
    root: inboxRouteRef,
    request: requestRouteRef,
    grant: grantRouteRef,
    proposals: proposalsRouteRef,
    proposal: proposalRouteRef,
    claims: claimsRouteRef,
    clusters: clustersRouteRef,
    breakGlass: breakGlassRouteRef,
    import: importRouteRef,
    approvalRules: approvalRulesRouteRef,
    reviews: reviewsRouteRef,
    home: homeRouteRef,
    explain: explainRouteRef,
    apiAccess: apiAccessRouteRef,
    calls: callsRouteRef,
  },
  externalRoutes: { catalogIndex: catalogIndexRouteRef },
});

/**
 * Grants on the reader's APIs that are due for a review. Mount at `/access/reviews`.
 *
 * @public
 */
export const AccessReviewsPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessReviewsPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicReviewsPage),
    mountPoint: reviewsRouteRef,
  }),
);

/**
 * What waits for the reader, what they asked for, and all requests they may see. Mount at `/access/requests`.
 *
 * @public
 */
export const AccessRequestsPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessRequestsPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicInboxPage),
    mountPoint: inboxRouteRef,
  }),
);

/**
 * One request, with its meaning and the decision on it. Mount at `/access/requests/:id`.
 *
 * @public
 */
export const AccessRequestPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessRequestPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicRequestPage),
    mountPoint: requestRouteRef,
  }),
);

/**
 * One grant: what it is now, and its history. Mount at `/access/grants/:id`.
 *
 * @public
 */
export const AccessGrantPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessGrantPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicGrantPage),
    mountPoint: grantRouteRef,
  }),
);

/**
 * The pull requests that carry approved requests. Mount at `/access/proposals`.
 *
 * @public
 */
export const AccessProposalsPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessProposalsPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicProposalsPage),
    mountPoint: proposalsRouteRef,
  }),
);

/**
 * One pull request. Mount at `/access/proposals/:id`.
 *
 * @public
 */
export const AccessProposalPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessProposalPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicProposalPage),
    mountPoint: proposalRouteRef,
  }),
);

/**
 * Workloads that several owners claim, for the platform team to settle. Mount at `/access/claims`.
 *
 * @public
 */
export const AccessClaimsPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessClaimsPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicClaimsPage),
    mountPoint: claimsRouteRef,
  }),
);

/**
 * What is known of the platform of each cluster, for the platform team. Mount at `/access/clusters`.
 *
 * @public
 */
export const AccessClustersPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessClustersPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicClustersPage),
    mountPoint: clustersRouteRef,
  }),
);

/**
 * What went on before anybody approved it, for the platform team and for who takes out evidence. Mount at `/access/break-glass`.
 *
 * @public
 */
export const AccessBreakGlassPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessBreakGlassPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicBreakGlassPage),
    mountPoint: breakGlassRouteRef,
  }),
);

/**
 * What can be imported of what policies by hand allow, for the platform team. Mount at `/access/import`.
 *
 * @public
 */
export const AccessImportPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessImportPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicImportPage),
    mountPoint: importRouteRef,
  }),
);

/**
 * The rules of who approves. Mount at `/access/approval-rules`.
 *
 * @public
 */
export const AccessApprovalRulesPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessApprovalRulesPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicApprovalRulesPage),
    mountPoint: approvalRulesRouteRef,
  }),
);

/**
 * What waits for the reader, what they asked for and what is new on their APIs. Mount where people begin, such as `/`.
 *
 * @public
 */
export const AccessHomePage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessHomePage',
    component: () =>
      import('./components/classic').then(m => m.ClassicHomePage),
    mountPoint: homeRouteRef,
  }),
);

/**
 * One call, explained; the call stands in the URL. Mount at `/access/explain`.
 *
 * @public
 */
export const AccessExplainPage = callgatePlugin.provide(
  createRoutableExtension({
    name: 'AccessExplainPage',
    component: () =>
      import('./components/classic').then(m => m.ClassicExplainPage),
    mountPoint: explainRouteRef,
  }),
);

/**
 * The tab **Access** of an API's entity page: who can call it. Mount at `/access`.
 *
 * @public
 */
export const EntityApiAccessContent = callgatePlugin.provide(
  createRoutableExtension({
    name: 'EntityApiAccessContent',
    component: () =>
      import('./components/ApiAccess').then(
        (m): (() => JSX.Element) => m.ApiAccessTab,
      ),
    mountPoint: apiAccessRouteRef,
  }),
);

/**
 * The tab **Calls** of a component's or resource's entity page: what it may call. Mount at `/calls`.
 *
 * @public
 */
export const EntityCallsContent = callgatePlugin.provide(
  createRoutableExtension({
    name: 'EntityCallsContent',
    component: () =>
      import('./components/CallsTab').then(
        (m): (() => JSX.Element) => m.CallsTab,
      ),
    mountPoint: callsRouteRef,
  }),
);

/**
 * The card of an AccessPolicy's entity page: its grants, and what is wrong with them.
 *
 * @public
 */
export const EntityAccessPolicyCard = callgatePlugin.provide(
  createComponentExtension({
    name: 'EntityAccessPolicyCard',
    component: {
      lazy: () =>
        import('./components/AccessPolicyCard').then(
          (m): (() => JSX.Element) => m.AccessPolicyCard,
        ),
    },
  }),
);
