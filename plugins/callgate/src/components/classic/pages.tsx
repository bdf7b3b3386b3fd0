import { ApprovalRulesPage } from '../ApprovalRulesPage';
import { ClaimsPage } from '../ClaimsPage';
import { BreakGlassPage } from '../BreakGlassPage';
import { ClustersPage } from '../ClustersPage';
import { ImportPage } from '../ImportPage';
import { ExplainPage } from '../ExplainPage';
import { GrantPage } from '../GrantPage';
import { HomePage } from '../HomePage';
import { InboxPage } from '../InboxPage';
import { ProposalPage } from '../ProposalPage';
import { ProposalsPage } from '../ProposalsPage';
import { RequestPage } from '../RequestPage';
import { ReviewsPage } from '../ReviewsPage';
import { useText } from '../../translation';
import { ClassicPage } from './ClassicPage';

/** The inbox in a classic portal. */
export const ClassicInboxPage = () => (
  <ClassicPage tab="requests">
    <InboxPage />
  </ClassicPage>
);

/** One request in a classic portal. */
export const ClassicRequestPage = () => (
  <ClassicPage>
    <RequestPage />
  </ClassicPage>
);

/** One grant in a classic portal. */
export const ClassicGrantPage = () => (
  <ClassicPage>
    <GrantPage />
  </ClassicPage>
);

/** Pull requests in a classic portal. */
export const ClassicProposalsPage = () => (
  <ClassicPage tab="proposals">
    <ProposalsPage />
  </ClassicPage>
);

/** One pull request in a classic portal. */
export const ClassicProposalPage = () => (
  <ClassicPage>
    <ProposalPage />
  </ClassicPage>
);

/** Contested claims in a classic portal. */
export const ClassicClaimsPage = () => (
  <ClassicPage>
    <ClaimsPage />
  </ClassicPage>
);

/** What is known of the clusters, in a classic portal. */
export const ClassicClustersPage = () => (
  <ClassicPage>
    <ClustersPage />
  </ClassicPage>
);

/** What went on before anybody approved it, in a classic portal. */
export const ClassicBreakGlassPage = () => (
  <ClassicPage>
    <BreakGlassPage />
  </ClassicPage>
);

/** What can be imported, in a classic portal. */
export const ClassicImportPage = () => (
  <ClassicPage>
    <ImportPage />
  </ClassicPage>
);

/** The rules of who approves, in a classic portal. */
export const ClassicApprovalRulesPage = () => (
  <ClassicPage>
    <ApprovalRulesPage />
  </ClassicPage>
);

/** Grants to review, in a classic portal. */
export const ClassicReviewsPage = () => (
  <ClassicPage>
    <ReviewsPage />
  </ClassicPage>
);

/** What waits for its reader, in a classic portal. */
export const ClassicHomePage = () => (
  <ClassicPage title={useText()('home.title')}>
    <HomePage />
  </ClassicPage>
);

/** One call explained, in a classic portal. */
export const ClassicExplainPage = () => (
  <ClassicPage title={useText()('call.title')}>
    <ExplainPage />
  </ClassicPage>
);
