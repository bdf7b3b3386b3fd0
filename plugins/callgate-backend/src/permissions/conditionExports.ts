import { createConditionExports } from '@backstage/plugin-permission-node';
import { accessRequestResourceRef } from './resource';
import { isApiOwner, isCallerOwner, isRequester } from './rules';

const { conditions, createConditionalDecision } = createConditionExports({
  resourceRef: accessRequestResourceRef,
  rules: { isRequester, isApiOwner, isCallerOwner },
});

/**
 * Conditions on access requests, for permission policies.
 *
 * @public
 */
export const accessRequestConditions = conditions;

/**
 * Makes a conditional decision on access requests.
 *
 * @public
 */
export const createAccessRequestConditionalDecision = createConditionalDecision;
