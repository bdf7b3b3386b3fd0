import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  CALLGATE_PLUGIN_ID,
  DefaultApiClient,
} from '@callgate/plugin-callgate-common';
import { AccessPolicyProcessor } from './processor/AccessPolicyProcessor';
import { AccessPolicyProvider } from './provider/AccessPolicyProvider';

/**
 * The AccessPolicy kind and its relations in the catalog.
 *
 * @public
 */
export const catalogModuleCallgate = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'callgate',
  register(env) {
    env.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        auth: coreServices.auth,
        discovery: coreServices.discovery,
        scheduler: coreServices.scheduler,
        events: eventsServiceRef,
        logger: coreServices.logger,
      },
      async init({ catalog, auth, discovery, scheduler, events, logger }) {
        const client = new DefaultApiClient({ discoveryApi: discovery });
        catalog.addProcessor(new AccessPolicyProcessor());
        catalog.addEntityProvider(
          new AccessPolicyProvider({
            fetchDeclarations: async () => {
              const { token } = await auth.getPluginRequestToken({
                onBehalfOf: await auth.getOwnServiceCredentials(),
                targetPluginId: CALLGATE_PLUGIN_ID,
              });
              const response = await client.getDeclarations({}, { token });
              if (!response.ok) {
                throw await ResponseError.fromResponse(
                  response as unknown as Response,
                );
              }
              return response.json();
            },
            taskRunner: scheduler.createScheduledTaskRunner({
              frequency: { minutes: 1 },
              timeout: { minutes: 1 },
              initialDelay: { seconds: 3 },
              scope: 'global',
            }),
            events,
            logger,
          }),
        );
      },
    });
  },
});
