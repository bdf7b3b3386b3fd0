import { createPermission } from '@backstage/plugin-permission-common';

/**
 * The resource type of access requests, for conditional decisions.
 *
 * @public
 */
export const RESOURCE_TYPE_ACCESS_REQUEST = 'callgate-access-request';

/**
 * Read who can call an API and what an entity may call, as far as the catalog shows both ends.
 *
 * @public
 */
export const accessReadPermission = createPermission({
  name: 'callgate.access.read',
  attributes: { action: 'read' },
});

/**
 * Preview and send access requests.
 *
 * @public
 */
export const accessRequestCreatePermission = createPermission({
  name: 'callgate.request.create',
  attributes: { action: 'create' },
});

/**
 * Read access requests, and the proposals that carry them.
 *
 * @public
 */
export const accessRequestReadPermission = createPermission({
  name: 'callgate.request.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_ACCESS_REQUEST,
});

/**
 * Approve or reject access requests. Who owns the API and who asked is checked by the service besides.
 *
 * @public
 */
export const accessRequestDecidePermission = createPermission({
  name: 'callgate.request.decide',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_ACCESS_REQUEST,
});

/**
 * Withdraw access requests. That the reader asked for it is checked by the service besides.
 *
 * @public
 */
export const accessRequestWithdrawPermission = createPermission({
  name: 'callgate.request.withdraw',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_ACCESS_REQUEST,
});

/**
 * Comment on access requests that one may read.
 *
 * @public
 */
export const accessRequestCommentPermission = createPermission({
  name: 'callgate.request.comment',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_ACCESS_REQUEST,
});

/**
 * Send a request that goes on before anybody approves it, where `callgate.breakGlass` is configured. That the reader owns the caller is
 * checked by the service besides.
 *
 * @public
 */
export const accessRequestBreakGlassPermission = createPermission({
  name: 'callgate.request.break-glass',
  attributes: { action: 'create' },
});

/**
 * Read proposals: pull requests that Callgate opened.
 *
 * @public
 */
export const proposalReadPermission = createPermission({
  name: 'callgate.proposal.read',
  attributes: { action: 'read' },
});

/**
 * Review and merge proposals on the local forge. That the reader belongs to the platform team is checked by the service
 * besides.
 *
 * @public
 */
export const proposalMergePermission = createPermission({
  name: 'callgate.proposal.merge',
  attributes: { action: 'update' },
});

/**
 * Take out evidence: which grants were declared at a moment and who decided what, with people's reasons and notes. As far as
 * the catalog shows both ends.
 *
 * @public
 */
export const evidenceReadPermission = createPermission({
  name: 'callgate.evidence.read',
  attributes: { action: 'read' },
});

/**
 * Look at grants again that are due for a review: see which, and keep them. Who owns the API is checked by the service besides;
 * ending one takes {@link accessRequestCreatePermission} as well.
 *
 * @public
 */
export const grantReviewPermission = createPermission({
  name: 'callgate.grant.review',
  attributes: { action: 'update' },
});

/**
 * Every permission of Callgate, for policy authors and for registration.
 *
 * @public
 */
export const callgatePermissions = [
  accessReadPermission,
  accessRequestCreatePermission,
  accessRequestReadPermission,
  accessRequestDecidePermission,
  accessRequestWithdrawPermission,
  accessRequestCommentPermission,
  accessRequestBreakGlassPermission,
  proposalReadPermission,
  proposalMergePermission,
  evidenceReadPermission,
  grantReviewPermission,
];
