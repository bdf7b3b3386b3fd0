/** The type of the location that AccessPolicies of the policy repository have in the catalog. */
export const POLICY_REPOSITORY_LOCATION = 'callgate-policy-repository';
