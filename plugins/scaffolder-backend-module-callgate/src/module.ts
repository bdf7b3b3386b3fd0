import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { CallgateRest } from '@callgate/plugin-callgate-node';
import { createPreviewAction } from './actions/createPreviewAction';
import { createRequestAction } from './actions/createRequestAction';

/**
 * The template actions `callgate:access:preview` and `callgate:access:request`, as the person who runs the template.
 *
 * @public
 */
export const scaffolderModuleCallgate = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'callgate',
  register(env) {
    env.registerInit({
      deps: {
        scaffolder: scaffolderActionsExtensionPoint,
        auth: coreServices.auth,
        discovery: coreServices.discovery,
        config: coreServices.rootConfig,
      },
      async init({ scaffolder, auth, discovery, config }) {
        const callgate = new CallgateRest({ auth, discovery });
        const portal = config
          .getOptionalString('app.baseUrl')
          ?.replace(/\/$/, '');
        scaffolder.addActions(
          createPreviewAction({ callgate }),
          createRequestAction({ callgate, portal }),
        );
      },
    });
  },
});
