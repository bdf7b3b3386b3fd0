import { createBackendModule } from '@backstage/backend-plugin-api';

/**
 * The AccessPolicy kind and its relations in the catalog.
 *
 * @public
 */
export const catalogModuleCallgate = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'callgate',
  register(env) {
    env.registerInit({ deps: {}, async init() {} });
  },
});
