import {
  coreExtensionData,
  PageBlueprint,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import { OnlyHere, WaitingIcon } from '../components/marks';
import {
  accessRouteRef,
  grantRouteRef,
  inboxRouteRef,
  proposalRouteRef,
  proposalsRouteRef,
  requestRouteRef,
} from '../routes';
import { PageContent } from './PageContent';

/** Where the portal's menu leads: the lists are its tabs. */
const accessPage = PageBlueprint.makeWithOverrides({
  *factory(originalFactory, { inputs }) {
    const page = originalFactory({
      path: '/access',
      title: 'Access',
      icon: <WaitingIcon />,
      routeRef: accessRouteRef,
    });
    const tabs = inputs.pages.map(tab => tab.get(coreExtensionData.routePath));
    for (const data of page) {
      if (data.id !== coreExtensionData.reactElement.id) yield data;
    }
    // The frame shows nothing below it where no tab is.
    yield coreExtensionData.reactElement(
      <OnlyHere or={tabs}>{page.get(coreExtensionData.reactElement)}</OnlyHere>,
    );
  },
});

const requestsPage = SubPageBlueprint.make({
  name: 'requests',
  params: {
    path: 'requests',
    title: 'Requests',
    routeRef: inboxRouteRef,
    loader: () =>
      import('../components/InboxPage').then(m => (
        <PageContent>
          <m.InboxPage />
        </PageContent>
      )),
  },
});

const proposalsPage = SubPageBlueprint.make({
  name: 'proposals',
  params: {
    path: 'proposals',
    title: 'Pull requests',
    routeRef: proposalsRouteRef,
    loader: () =>
      import('../components/ProposalsPage').then(m => (
        <PageContent>
          <m.ProposalsPage />
        </PageContent>
      )),
  },
});

// Pages of their own, and not below a list: a page has its routes from its path, and lists know nothing of them.
const requestPage = PageBlueprint.make({
  name: 'request',
  params: {
    path: '/access/requests/:id',
    routeRef: requestRouteRef,
    loader: () =>
      import('../components/RequestPage').then(m => (
        <PageContent>
          <m.RequestPage />
        </PageContent>
      )),
  },
});

const grantPage = PageBlueprint.make({
  name: 'grant',
  params: {
    path: '/access/grants/:id',
    routeRef: grantRouteRef,
    loader: () =>
      import('../components/GrantPage').then(m => (
        <PageContent>
          <m.GrantPage />
        </PageContent>
      )),
  },
});

const proposalPage = PageBlueprint.make({
  name: 'proposal',
  params: {
    path: '/access/proposals/:id',
    routeRef: proposalRouteRef,
    loader: () =>
      import('../components/ProposalPage').then(m => (
        <PageContent>
          <m.ProposalPage />
        </PageContent>
      )),
  },
});

// No tab, and no route ref, which would be an entry in everybody's menu: it is for the platform team alone, whom the list of
// pull requests leads here.
const claimsPage = PageBlueprint.make({
  name: 'claims',
  params: {
    path: '/access/claims',
    loader: () =>
      import('../components/ClaimsPage').then(m => (
        <PageContent>
          <m.ClaimsPage />
        </PageContent>
      )),
  },
});

// No route ref, as that of claims.
const clustersPage = PageBlueprint.make({
  name: 'clusters',
  params: {
    path: '/access/clusters',
    loader: () =>
      import('../components/ClustersPage').then(m => (
        <PageContent>
          <m.ClustersPage />
        </PageContent>
      )),
  },
});

// No route ref, as that of claims.
const breakGlassPage = PageBlueprint.make({
  name: 'break-glass',
  params: {
    path: '/access/break-glass',
    loader: () =>
      import('../components/BreakGlassPage').then(m => (
        <PageContent>
          <m.BreakGlassPage />
        </PageContent>
      )),
  },
});

const importPage = PageBlueprint.make({
  name: 'import',
  params: {
    path: '/access/import',
    loader: () =>
      import('../components/ImportPage').then(m => (
        <PageContent>
          <m.ImportPage />
        </PageContent>
      )),
  },
});

// No route ref: portals that have a start page of their own get no second entry in the menu. `page:callgate/home` with the path `/`
// makes it what people see first.
const homePage = PageBlueprint.make({
  name: 'home',
  params: {
    path: '/access/home',
    title: 'Home',
    // The title of a plugin's page leads to the plugin, and this one leads nowhere.
    noHeader: true,
    loader: () =>
      import('../components/HomePage').then(m => (
        <PageContent>
          <m.HomePage titled />
        </PageContent>
      )),
  },
});

const explainPage = PageBlueprint.make({
  name: 'explain',
  params: {
    path: '/access/explain',
    loader: () =>
      import('../components/ExplainPage').then(m => (
        <PageContent>
          <m.ExplainPage />
        </PageContent>
      )),
  },
});

// No route ref: people come to it from a request, and it is no entry of the menu.
const approvalRulesPage = PageBlueprint.make({
  name: 'approval-rules',
  params: {
    path: '/access/approval-rules',
    loader: () =>
      import('../components/ApprovalRulesPage').then(m => (
        <PageContent>
          <m.ApprovalRulesPage />
        </PageContent>
      )),
  },
});

// No route ref: people come to it from what waits for them, and it is no entry of the menu.
const reviewsPage = PageBlueprint.make({
  name: 'reviews',
  params: {
    path: '/access/reviews',
    loader: () =>
      import('../components/ReviewsPage').then(m => (
        <PageContent>
          <m.ReviewsPage />
        </PageContent>
      )),
  },
});

/** The pages of the plugin. */
export const pages = [
  accessPage,
  homePage,
  explainPage,
  requestsPage,
  proposalsPage,
  requestPage,
  grantPage,
  proposalPage,
  claimsPage,
  clustersPage,
  breakGlassPage,
  importPage,
  approvalRulesPage,
  reviewsPage,
];
