import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import {
  catalogEntityDeletePermission,
  catalogEntityReadPermission,
  catalogLocationCreatePermission,
} from '@backstage/plugin-catalog-common/alpha';
import { evidenceReadPermission } from '@callgate/plugin-callgate-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { PortalPermissionPolicy } from './PortalPermissionPolicy';

const PLATFORM = 'group:default/platform';
const SECURITY = 'group:default/security';

function policyFor(
  groups: string[],
  platformTeam: string | undefined = PLATFORM,
) {
  const policy = PortalPermissionPolicy.fromConfig(
    new ConfigReader({ callgate: { platformTeam, securityTeam: SECURITY } }),
    {
      userInfo: mockServices.userInfo({
        ownershipEntityRefs: ['user:default/ada', ...groups],
      }),
    },
  );
  const user = {
    credentials: mockCredentials.user('user:default/ada'),
    info: { userEntityRef: 'user:default/ada', ownershipEntityRefs: [] },
  };
  return { policy, user };
}

describe('PortalPermissionPolicy', () => {
  it('lets nobody do anything without signing in', async () => {
    const { policy } = policyFor([]);
    expect(
      await policy.handle({ permission: catalogEntityReadPermission }),
    ).toEqual({ result: AuthorizeResult.DENY });
  });

  it('lets everybody who is signed in read the catalog', async () => {
    const { policy, user } = policyFor([]);
    expect(
      await policy.handle({ permission: catalogEntityReadPermission }, user),
    ).toEqual({ result: AuthorizeResult.ALLOW });
  });

  it.each([
    [PLATFORM, AuthorizeResult.ALLOW],
    [SECURITY, AuthorizeResult.ALLOW],
    ['group:default/orders-team', AuthorizeResult.DENY],
  ])(
    'answers a member of %s who takes out evidence: %s',
    async (group, result) => {
      const { policy, user } = policyFor([group]);
      expect(
        await policy.handle({ permission: evidenceReadPermission }, user),
      ).toEqual({ result });
    },
  );

  it.each([catalogLocationCreatePermission, catalogEntityDeletePermission])(
    'leaves $name to the platform team',
    async permission => {
      const stranger = policyFor(['group:default/orders-team']);
      expect(
        await stranger.policy.handle({ permission }, stranger.user),
      ).toEqual({ result: AuthorizeResult.DENY });

      const engineer = policyFor([PLATFORM]);
      expect(
        await engineer.policy.handle({ permission }, engineer.user),
      ).toEqual({ result: AuthorizeResult.ALLOW });
    },
  );
});
