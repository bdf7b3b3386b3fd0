import { createPermissionRule } from '@backstage/plugin-permission-node';
import { z } from 'zod/v4';
import { accessRequestResourceRef } from './resource';
import type { PartyRole, RequestParties, RequestVisibility } from './types';

const paramsSchema = z.object({
  claims: z
    .array(z.string())
    .describe(
      'Entity refs that the person owns things as: the person and their groups',
    ),
});

/** Both halves of one predicate: on a request that was read, and on the table. */
function partyRule(role: PartyRole) {
  return {
    apply: ({ parties }: RequestParties, { claims }: { claims: string[] }) =>
      parties.some(party => party.role === role && claims.includes(party.ref)),
    toQuery: ({ claims }: { claims: string[] }): RequestVisibility => ({
      role,
      refs: claims,
    }),
  };
}

/** Requests that one of the claims sent. */
export const isRequester = createPermissionRule({
  name: 'IS_REQUESTER',
  description: 'Allow who sent the access request',
  resourceRef: accessRequestResourceRef,
  paramsSchema,
  ...partyRule('requester'),
});

/** Requests for an API that one of the claims owned when it was sent. */
export const isApiOwner = createPermissionRule({
  name: 'IS_API_OWNER',
  description: 'Allow owners of the API that the request is about',
  resourceRef: accessRequestResourceRef,
  paramsSchema,
  ...partyRule('api-owner'),
});

/** Requests for a caller that one of the claims owned when it was sent. */
export const isCallerOwner = createPermissionRule({
  name: 'IS_CALLER_OWNER',
  description: 'Allow owners of the caller that the request is for',
  resourceRef: accessRequestResourceRef,
  paramsSchema,
  ...partyRule('caller-owner'),
});

/** Every rule on access requests. */
export const accessRequestRules = [isRequester, isApiOwner, isCallerOwner];
