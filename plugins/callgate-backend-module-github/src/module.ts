import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import { callgateForgesExtensionPoint } from '@callgate/plugin-callgate-node';
import path from 'node:path';
import { GithubForge } from './GithubForge';

/**
 * Proposals as pull requests on github.com or GitHub Enterprise, with the credentials of `integrations.github`.
 *
 * @public
 */
export const callgateModuleGithub = createBackendModule({
  pluginId: 'callgate',
  moduleId: 'github',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        forges: callgateForgesExtensionPoint,
      },
      async init({ config, logger, forges }) {
        const integrations = ScmIntegrations.fromConfig(config);
        const directory =
          config.getOptionalString('callgate.dataDirectory') ?? '.data';
        forges.addForge(
          new GithubForge({
            integrations,
            credentials:
              DefaultGithubCredentialsProvider.fromIntegrations(integrations),
            directory: path.resolve(directory, 'repositories'),
            onProblem: text => logger.warn(text),
          }),
        );
      },
    });
  },
});
