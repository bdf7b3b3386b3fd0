import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { CallgateRest } from '@callgate/plugin-callgate-node';
import { registerExplainCall } from './actions/explainCall';
import { registerGetRequest } from './actions/getRequest';
import { registerPreviewAccess } from './actions/previewAccess';
import { registerRequestAccess } from './actions/requestAccess';
import { registerWhoCanCall } from './actions/whoCanCall';

/**
 * Actions that read, preview and ask, each as whoever runs it. None decides: to approve, reject and merge is for people, on
 * the page that they read.
 *
 * @public
 */
export const callgateModuleActions = createBackendModule({
  pluginId: 'callgate',
  moduleId: 'actions',
  register(env) {
    env.registerInit({
      deps: {
        registry: actionsRegistryServiceRef,
        auth: coreServices.auth,
        discovery: coreServices.discovery,
        config: coreServices.rootConfig,
      },
      async init({ registry, auth, discovery, config }) {
        const parts = {
          registry,
          callgate: new CallgateRest({ auth, discovery }),
          portal:
            config.getOptionalString('app.baseUrl')?.replace(/\/$/, '') ?? '',
        };
        registerWhoCanCall(parts);
        registerExplainCall(parts);
        registerPreviewAccess(parts);
        registerRequestAccess(parts);
        registerGetRequest(parts);
      },
    });
  },
});
