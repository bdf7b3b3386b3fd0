import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { authOwnershipResolutionExtensionPoint } from '@backstage/plugin-auth-node';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { GroupOwnershipResolver } from './GroupOwnershipResolver';

/** Members of a team own what the team's parents own. */
export const groupOwnershipModule = createBackendModule({
  pluginId: 'auth',
  moduleId: 'group-ownership',
  register(env) {
    env.registerInit({
      deps: {
        ownership: authOwnershipResolutionExtensionPoint,
        catalog: catalogServiceRef,
        auth: coreServices.auth,
      },
      async init({ ownership, catalog, auth }) {
        ownership.setAuthOwnershipResolver(
          GroupOwnershipResolver.create({ catalog, auth }),
        );
      },
    });
  },
});
