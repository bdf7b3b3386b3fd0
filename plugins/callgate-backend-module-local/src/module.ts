import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { callgateForgesExtensionPoint } from '@callgate/plugin-callgate-node';
import path from 'node:path';
import { LocalForge } from './LocalForge';

/**
 * A forge inside the portal: a bare Git repository with pull requests, reviews and merges.
 *
 * @public
 */
export const callgateModuleLocal = createBackendModule({
  pluginId: 'callgate',
  moduleId: 'local',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        forges: callgateForgesExtensionPoint,
      },
      async init({ config, logger, forges }) {
        const directory =
          config.getOptionalString('callgate.dataDirectory') ?? '.data';
        const seed = config.getOptionalString('callgate.policyRepository.seed');
        forges.addForge(
          new LocalForge({
            directory: path.resolve(directory),
            logger,
            ...(seed !== undefined && { seed: path.resolve(seed) }),
          }),
        );
      },
    });
  },
});
