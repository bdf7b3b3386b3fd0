import {
  coreServices,
  createBackendModule,
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { searchIndexRegistryExtensionPoint } from '@backstage/plugin-search-backend-node/alpha';
import {
  CALLGATE_PLUGIN_ID,
  DefaultApiClient,
} from '@callgate/plugin-callgate-common';
import { AccessCollatorFactory } from './collator/AccessCollatorFactory';
import { CatalogTitles } from './collator/CatalogTitles';

/** Callgate and the catalog have started by the first time, and have read what there is. */
const SCHEDULE = {
  frequency: { minutes: 10 },
  timeout: { minutes: 5 },
  initialDelay: { seconds: 30 },
};

/**
 * Puts into the search who may call what, as it is declared: a document for each API, and one for each caller.
 *
 * @public
 */
export const searchModuleCallgate = createBackendModule({
  pluginId: 'search',
  moduleId: 'callgate',
  register(env) {
    env.registerInit({
      deps: {
        index: searchIndexRegistryExtensionPoint,
        catalog: catalogServiceRef,
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        scheduler: coreServices.scheduler,
      },
      async init({ index, catalog, auth, config, discovery, scheduler }) {
        const settings = config.getOptionalConfig('search.collators.callgate');
        const client = new DefaultApiClient({ discoveryApi: discovery });
        index.addCollator({
          schedule: scheduler.createScheduledTaskRunner(
            settings?.has('schedule')
              ? readSchedulerServiceTaskScheduleDefinitionFromConfig(
                  settings.getConfig('schedule'),
                )
              : SCHEDULE,
          ),
          factory: new AccessCollatorFactory({
            locationTemplate: settings?.getOptionalString('locationTemplate'),
            titles: new CatalogTitles({ catalog, auth }),
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
          }),
        });
      },
    });
  },
});
