import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  isPermission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import {
  accessRequestConditions,
  createAccessRequestConditionalDecision,
} from '@callgate/plugin-callgate-backend';
import { accessRequestReadPermission } from '@callgate/plugin-callgate-common';

/** Stands for the policy that a company has: all is allowed, but requests are for those whom they concern, and the platform team. */
class CompanyPolicy implements PermissionPolicy {
  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (!isPermission(request.permission, accessRequestReadPermission)) {
      return { result: AuthorizeResult.ALLOW };
    }
    const claims = user?.info.ownershipEntityRefs ?? [];
    if (claims.includes('group:default/platform')) {
      return { result: AuthorizeResult.ALLOW };
    }
    return createAccessRequestConditionalDecision(request.permission, {
      anyOf: [
        accessRequestConditions.isRequester({ claims }),
        accessRequestConditions.isApiOwner({ claims }),
        accessRequestConditions.isCallerOwner({ claims }),
      ],
    });
  }
}

export default createBackendModule({
  pluginId: 'permission',
  moduleId: 'company-policy',
  register(env) {
    env.registerInit({
      deps: { policy: policyExtensionPoint },
      async init({ policy }) {
        policy.setPolicy(new CompanyPolicy());
      },
    });
  },
});
