import { createBackendModule } from '@backstage/backend-plugin-api';

/**
 * Proposals as pull requests on GitHub and GitHub Enterprise.
 *
 * @public
 */
export const callgateModuleGithub = createBackendModule({
  pluginId: 'callgate',
  moduleId: 'github',
  register(env) {
    env.registerInit({ deps: {}, async init() {} });
  },
});
