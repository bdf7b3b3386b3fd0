import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { callgateEstateSourcesExtensionPoint } from '@callgate/plugin-callgate-node';
import { AgentIntake } from './agents/AgentIntake';
import { DatabasePushes } from './agents/DatabasePushes';
import { readClusters } from './config/readClusters';
import { LiveEstateSource } from './LiveEstateSource';
import { DatabaseLeases } from './snapshots/DatabaseLeases';
import { DatabaseSnapshots } from './snapshots/DatabaseSnapshots';
import { FailureLog } from './snapshots/FailureLog';
import { migrate } from './snapshots/migrate';
import { TIMINGS } from './snapshots/timings';

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
        database: coreServices.database,
        estateSources: callgateEstateSourcesExtensionPoint,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
      },
      async init({ config, database, estateSources, lifecycle, logger }) {
        const configured = readClusters(config);
        configured.notes.forEach(note => logger.warn(note));
        const client = await migrate(database);
        const leases = DatabaseLeases.create({ client });
        const failures = new FailureLog(logger);
        const snapshots = DatabaseSnapshots.create({ client, leases });
        const source: LiveEstateSource = new LiveEstateSource({
          configured,
          intake: new AgentIntake({
            agents: configured.agents,
            ...{ leases, snapshots },
            pushes: new DatabasePushes(client, leases),
            onTaken: cluster => source.look(cluster),
          }),
          shared: {
            ...{ leases, snapshots },
            timings: TIMINGS,
            onFailure: error => failures.add(error),
          },
        });
        estateSources.addEstateSource(source);
        source.start();
        lifecycle.addShutdownHook(() => source.stop());
      },
    });
  },
});
