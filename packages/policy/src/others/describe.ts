import type { MayDo, PolicyOfOthers } from './types';
import { detail, idText, said, type Words, workloads } from '../words';

/**
 * The name of a policy of others for people. Kinds that Kubernetes has too are told apart by their group.
 *
 * @public
 */
export function nameOfPolicy({
  kind,
  group,
  namespace,
  name,
}: Pick<PolicyOfOthers, 'kind' | 'group' | 'namespace' | 'name'>): string {
  const path = namespace === undefined ? name : `${namespace}/${name}`;
  return `${kind} ${path} (${group})`;
}

const DOES: Record<MayDo, string> = {
  refuse: 'may refuse this',
  'open-or-refuse': 'may refuse this, or open more',
};

/** What a policy may do, to go on a sentence. */
export function whatItMay({ may }: Pick<PolicyOfOthers, 'may'>): string {
  return DOES[may];
}

/** Ends that a sentence names; of more it says how many. */
const MOST_ENDS = 3;

/**
 * What one policy of others may do, as a sentence.
 *
 * @public
 */
export function describePolicyOfOthers(policy: PolicyOfOthers): string {
  return idText(policyOfOthersWords(policy));
}

/**
 * The same with the names set apart. People find the policy by its kind and name, and its ends by their titles.
 *
 * @public
 */
export function policyOfOthersWords(policy: PolicyOfOthers): Words {
  return said`${policyOfOthersClause(policy)}.`;
}

/** The same without a full stop, to go on a sentence. */
export function policyOfOthersClause(policy: PolicyOfOthers): Words {
  const { cluster, ends, kind, name } = policy;
  const more = ends.length - MOST_ENDS;
  return said`${detail(
    nameOfPolicy(policy),
    `the ${kind} ${name}`,
  )} in ${cluster} touches ${workloads(ends.slice(0, MOST_ENDS))}${
    more > 0 ? ` and ${more} more` : ''
  }, and Callgate does not judge what it says: it ${whatItMay(policy)}`;
}

/**
 * What several may do together: `2 policies of others may refuse more`; `undefined` for none.
 *
 * @public
 */
export function describeWhatOthersMay(
  policies: readonly Pick<PolicyOfOthers, 'may'>[],
): string | undefined {
  if (policies.length === 0) return undefined;
  const does = policies.some(({ may }) => may !== 'refuse')
    ? 'may open or refuse more'
    : 'may refuse more';
  return `${policies.length} ${
    policies.length === 1 ? 'policy' : 'policies'
  } of others ${does}`;
}
