import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { callgateEstateSourcesExtensionPoint } from '@callgate/plugin-callgate-node';
import { readClusters } from './config/readClusters';
import { LiveEstateSource } from './LiveEstateSource';

/**
 * What runs, read from live Kubernetes clusters: `callgate.clusters`, and those of Backstage's Kubernetes plugin.
 *
 * @public
 */
export const callgateModuleKubernetes = createBackendModule({
  pluginId: 'callgate',
  moduleId: 'kubernetes',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        estateSources: callgateEstateSourcesExtensionPoint,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
      },
      async init({ config, estateSources, lifecycle, logger }) {
        const configured = readClusters(config);
        configured.notes.forEach(note => logger.warn(note));
        const source = new LiveEstateSource({ configured });
        estateSources.addEstateSource(source);
        source.start();
        lifecycle.addShutdownHook(() => source.stop());
      },
    });
  },
});
