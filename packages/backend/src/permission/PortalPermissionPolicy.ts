import type { UserInfoService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import {
  AuthorizeResult,
  isPermission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  catalogEntityDeletePermission,
  catalogLocationCreatePermission,
  catalogLocationDeletePermission,
} from '@backstage/plugin-catalog-common/alpha';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';

const CATALOG_CHANGES = [
  catalogEntityDeletePermission,
  catalogLocationCreatePermission,
  catalogLocationDeletePermission,
];

/**
 * Who is signed in may read the catalog and use Callgate; what they may decide
 * there follows from ownership, which Callgate's service checks by itself.
 * Only the platform team changes what the catalog reads. Everybody else may nothing.
 */
export class PortalPermissionPolicy implements PermissionPolicy {
  readonly #platformTeam: string | undefined;
  readonly #userInfo: UserInfoService;

  private constructor(
    platformTeam: string | undefined,
    userInfo: UserInfoService,
  ) {
    this.#platformTeam = platformTeam;
    this.#userInfo = userInfo;
  }

  static fromConfig(
    config: Config,
    deps: { userInfo: UserInfoService },
  ): PortalPermissionPolicy {
    return new PortalPermissionPolicy(
      config.getOptionalString('callgate.platformTeam'),
      deps.userInfo,
    );
  }

  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (!user) {
      return { result: AuthorizeResult.DENY };
    }
    const changesCatalog = CATALOG_CHANGES.some(permission =>
      isPermission(request.permission, permission),
    );
    if (changesCatalog && !(await this.#isPlatformEngineer(user))) {
      return { result: AuthorizeResult.DENY };
    }
    return { result: AuthorizeResult.ALLOW };
  }

  async #isPlatformEngineer(user: PolicyQueryUser): Promise<boolean> {
    if (!this.#platformTeam) {
      return false;
    }
    const { ownershipEntityRefs } = await this.#userInfo.getUserInfo(
      user.credentials,
    );
    return ownershipEntityRefs.includes(this.#platformTeam);
  }
}
