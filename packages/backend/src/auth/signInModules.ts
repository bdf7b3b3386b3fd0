import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { demoSignInModule } from './demoSignInModule';
import { groupOwnershipModule } from './groupOwnershipModule';
import { requireSignInProviderModule } from './requireSignInProviderModule';

/** All that this portal adds to the `auth` plugin. */
export const signInModules = createBackendFeatureLoader({
  loader: () => [
    requireSignInProviderModule,
    demoSignInModule,
    groupOwnershipModule,
  ],
});
