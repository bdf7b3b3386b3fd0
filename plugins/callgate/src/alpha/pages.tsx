import {
  PageBlueprint,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import { WaitingIcon } from '../components/marks';
import {
  accessRouteRef,
  inboxRouteRef,
  proposalRouteRef,
  proposalsRouteRef,
  requestRouteRef,
} from '../routes';
import { PageContent } from './PageContent';

/** Where the portal's menu leads: the lists are its tabs. */
const accessPage = PageBlueprint.make({
  params: {
    path: '/access',
    title: 'Access',
    icon: <WaitingIcon />,
    routeRef: accessRouteRef,
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

/** The pages of the plugin. */
export const pages = [
  accessPage,
  requestsPage,
  proposalsPage,
  requestPage,
  proposalPage,
  claimsPage,
];
