import { createBackendModule } from '@backstage/backend-plugin-api';

/**
 * A forge inside the portal: a bare Git repository with pull requests, reviews and merges.
 *
 * @public
 */
export const callgateModuleLocal = createBackendModule({
  pluginId: 'callgate',
  moduleId: 'local',
  register(env) {
    env.registerInit({ deps: {}, async init() {} });
  },
});
