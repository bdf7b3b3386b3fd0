import type { ApprovalEvaluator } from '@callgate/plugin-callgate-node';
import type { AccessStore } from '../database/AccessStore';
import type { DatabaseForgeComments } from '../database/DatabaseForgeComments';
import type { DatabaseProposalStore } from '../database/DatabaseProposalStore';
import type { Settlements } from '../claims/ClaimSettlements';
import type { ImportReports } from '../imports/ImportReports';
import type { Ownership } from '../ownership';
import type { BreakGlassConfig } from './breakGlass';
import type { GlassFollowUp } from './GlassFollowUp';
import type { GrantReviews } from '../reviews';
import type { Cascade } from './Cascade';
import type { ChangeNotifier } from './ChangeNotifier';
import type { LifecycleConfig } from './lastDay';
import type { PolicyDesk } from './PolicyDesk';
import type { Labels } from './views/Labels';

/** What the access service is made of. */
export interface ServiceParts {
  requests: AccessStore;
  proposals: DatabaseProposalStore;
  desk: PolicyDesk;
  settlements: Settlements;
  imports: ImportReports;
  ownership: Ownership;
  labels: Labels;
  notifier: ChangeNotifier;
  /** What was said on pull requests. */
  talk: Pick<DatabaseForgeComments, 'of'>;
  /** `callgate.platformTeam`: who reviews and merges on the local forge. */
  platformTeam?: string;
  /** `callgate.securityTeam`: who may end any grant. */
  securityTeam?: string;
  reviews: GrantReviews;
  /** `callgate.lifecycle`. */
  lifecycle: LifecycleConfig;
  /** `callgate.breakGlass`; absent: there is no such thing. */
  breakGlass?: BreakGlassConfig;
  /** Ends what was rejected after it had gone on. */
  glass?: Pick<GlassFollowUp, 'follow'>;
  /** What has become of the things that grants name. */
  cascade: Cascade;
  /** Code of modules that asks for approvals. */
  evaluators?: readonly ApprovalEvaluator[];
  /** Milliseconds since 1970. */
  now(): number;
}
