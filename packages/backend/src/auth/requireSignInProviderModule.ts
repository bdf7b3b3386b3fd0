import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { requireSignInProvider } from './requireSignInProvider';

/** Stops the backend's start when `requireSignInProvider` refuses its configuration. */
export const requireSignInProviderModule = createBackendModule({
  pluginId: 'auth',
  moduleId: 'require-sign-in-provider',
  register(env) {
    env.registerInit({
      deps: { config: coreServices.rootConfig },
      async init({ config }) {
        requireSignInProvider({ config, environment: process.env.NODE_ENV });
      },
    });
  },
});
