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
import { evidenceReadPermission } from '@callgate/plugin-callgate-common';
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
 * Only the platform team changes what the catalog reads, and only it and the security team take out evidence. Everybody else
 * may nothing.
 */
export class PortalPermissionPolicy implements PermissionPolicy {
  readonly #platformTeam: string | undefined;
  readonly #securityTeam: string | undefined;
  readonly #userInfo: UserInfoService;

  private constructor(
    teams: { platform: string | undefined; security: string | undefined },
    userInfo: UserInfoService,
  ) {
    this.#platformTeam = teams.platform;
    this.#securityTeam = teams.security;
    this.#userInfo = userInfo;
  }

  static fromConfig(
    config: Config,
    deps: { userInfo: UserInfoService },
  ): PortalPermissionPolicy {
    return new PortalPermissionPolicy(
      {
        platform: config.getOptionalString('callgate.platformTeam'),
        security: config.getOptionalString('callgate.securityTeam'),
      },
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
    if (changesCatalog && !(await this.#isOf(user, this.#platformTeam))) {
      return { result: AuthorizeResult.DENY };
    }
    if (
      isPermission(request.permission, evidenceReadPermission) &&
      !(await this.#isOf(user, this.#platformTeam, this.#securityTeam))
    ) {
      return { result: AuthorizeResult.DENY };
    }
    return { result: AuthorizeResult.ALLOW };
  }

  async #isOf(
    user: PolicyQueryUser,
    ...teams: (string | undefined)[]
  ): Promise<boolean> {
    const named = teams.filter(team => team !== undefined);
    if (named.length === 0) {
      return false;
    }
    const { ownershipEntityRefs } = await this.#userInfo.getUserInfo(
      user.credentials,
    );
    return named.some(team => ownershipEntityRefs.includes(team));
  }
}
