import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  CALLGATE_PLUGIN_ID,
  callgatePermissions,
} from '@callgate/plugin-callgate-common';
import {
  callgateApprovalRulesExtensionPoint,
  callgateEstateSourcesExtensionPoint,
  callgateForgesExtensionPoint,
} from '@callgate/plugin-callgate-node';
import { AuditedAccessService } from './access/AuditedAccessService';
import { AuthorizedAccessService } from './access/AuthorizedAccessService';
import { ApprovalEvaluators } from './approval';
import { ApprovalFollowUp } from './access/ApprovalFollowUp';
import { ChangeNotifier } from './access/ChangeNotifier';
import { NoticeWords } from './access/NoticeWords';
import { EndConfirmations } from './access/EndConfirmations';
import { Cascade } from './access/Cascade';
import { CascadeFollowUp } from './access/CascadeFollowUp';
import { GlassFollowUp } from './access/GlassFollowUp';
import { GrantFollowUp } from './access/GrantFollowUp';
import { DefaultAccessService } from './access/DefaultAccessService';
import { RepositoryPolicyDesk } from './access/RepositoryPolicyDesk';
import { Labels } from './access/views/Labels';
import { ImportListener } from './imports/ImportListener';
import { ImportReports } from './imports/ImportReports';
import { ClaimSettlements } from './claims/ClaimSettlements';
import { ContestedClaims } from './claims/ContestedClaims';
import {
  DatabaseAccessStore,
  DatabaseCascadeStore,
  DatabaseCounts,
  DatabaseForgeComments,
  DatabaseGrantReviews,
  DatabaseReminders,
  DatabaseNoticeStore,
  DatabaseProposalStore,
  DatabaseToldClaims,
  migrate,
} from './database';
import { AuditedPushes } from './estate/AuditedPushes';
import { EstateIntakes } from './estate/EstateIntakes';
import { EstateReader } from './estate/EstateReader';
import { EstateSignal } from './estate/EstateSignal';
import { readManifestsLocations } from './estate/estateConfig';
import { ManifestsEstateSource } from './estate/ManifestsEstateSource';
import { EstateSourceRegistry } from './EstateSourceRegistry';
import { ForgeRegistry } from './ForgeRegistry';
import { readPolicyRepositoryConfig } from './git/policyRepositoryConfig';
import { RepositoryConnection } from './git/RepositoryConnection';
import { AccessMetrics } from './metrics/AccessMetrics';
import { Ownership } from './ownership';
import { accessRequestResourceRef, accessRequestRules } from './permissions';
import { readConfiguredRules } from './proposals/configuredRules';
import { CatalogServiceSource } from './proposals/CatalogServiceSource';
import { ExpiryMerge } from './proposals/ExpiryMerge';
import { PlatformListener } from './proposals/PlatformListener';
import { PlatformWatch } from './proposals/PlatformWatch';
import { ProposalPlanner } from './proposals/ProposalPlanner';
import { ProposalReviews } from './proposals/ProposalReviews';
import { ProposalWorker } from './proposals/ProposalWorker';
import { RequesterListener } from './proposals/RequesterListener';
import { SnapshotReader } from './proposals/SnapshotReader';
import { tellAll } from './proposals/tellAll';
import {
  readBreakGlassConfig,
  readLifecycleConfig,
  readPeopleConfig,
  readRetentionConfig,
  readTurnLimits,
} from './readConfig';
import { retryAfter } from './retryAfter';
import { GrantReviews } from './reviews';
import { Receipts, SigningKey } from './receipts';
import { hideInternals } from './hideInternals';
import { ForgeTalk } from './talk/ForgeTalk';
import { TextRetention } from './retention/TextRetention';
import { createRouter } from './router';
import { scheduleTasks } from './tasks/scheduleTasks';
import { Services } from './services';
import { Turns } from './turns';

/**
 * Requests, approvals and proposals for access between components.
 *
 * @public
 */
export const callgatePlugin = createBackendPlugin({
  pluginId: CALLGATE_PLUGIN_ID,
  register(env) {
    const forges = new ForgeRegistry();
    const estateSources = new EstateSourceRegistry();
    const evaluators = new ApprovalEvaluators();
    env.registerExtensionPoint(callgateForgesExtensionPoint, forges);
    env.registerExtensionPoint(
      callgateEstateSourcesExtensionPoint,
      estateSources,
    );
    env.registerExtensionPoint(callgateApprovalRulesExtensionPoint, evaluators);
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        urlReader: coreServices.urlReader,
      },
      async init(deps) {
        const {
          auth,
          catalog,
          config,
          logger,
          permissions,
          permissionsRegistry,
        } = deps;
        const client = await migrate(deps.database);
        const requests = DatabaseAccessStore.create({ client });
        const proposals = DatabaseProposalStore.create({ client });
        const { fallback, platformTeam, securityTeam } =
          readPeopleConfig(config);
        const lifecycle = readLifecycleConfig(config);
        const retention = readRetentionConfig(config);
        const breakGlass = readBreakGlassConfig(config);
        const reviewStore = DatabaseGrantReviews.create({ client });
        const reviews = new GrantReviews({
          store: reviewStore,
          requests,
          reviewEvery: lifecycle.reviewEvery,
          now: Date.now,
        });
        const reminders = DatabaseReminders.create({ client });
        const cascadeStore = DatabaseCascadeStore.create({ client });
        const cascade = new Cascade(cascadeStore);
        const limits = readTurnLimits(config);

        const connection = RepositoryConnection.create({
          forges: forges.all,
          config: readPolicyRepositoryConfig(config),
        });
        const estate = new EstateReader({
          sources: [
            new ManifestsEstateSource({
              locations: readManifestsLocations(config),
              urlReader: deps.urlReader,
            }),
            ...estateSources.all,
          ],
          logger,
        });
        const snapshots = new SnapshotReader({
          connection,
          estate,
          catalog: new CatalogServiceSource({ catalog, auth }),
          configured: readConfiguredRules(config),
          logger,
        });
        const services = Services.fromConfig(config);
        const ownership = Ownership.create({
          catalog,
          auth,
          fallback,
          services,
        });
        const notifier = ChangeNotifier.create({
          notifications: deps.notifications,
          signals: deps.signals,
          events: deps.events,
          logger,
          ownership,
          words: new NoticeWords(snapshots),
          ...(platformTeam && { platformTeam }),
          ...(securityTeam && { securityTeam }),
        });
        const estateSignal = new EstateSignal(digest =>
          notifier.estateChanged(digest),
        );
        estate.onChange(({ digest }) => estateSignal.changed(digest));
        evaluators.logTo(logger);
        const planner = new ProposalPlanner(connection.config, evaluators);
        const listener = tellAll(
          new RequesterListener({ requests, notifier }),
          new PlatformListener({
            platformTeam,
            requests,
            snapshots,
            notifications: deps.notifications,
            logger,
          }),
          new ImportListener({
            ownership,
            snapshots,
            notifications: deps.notifications,
            logger,
          }),
        );
        const talk = DatabaseForgeComments.create({ client });
        const worker = new ProposalWorker({
          store: proposals,
          snapshots,
          connection,
          planner,
          receipts: new Receipts(
            connection.config,
            SigningKey.fromConfig(config),
          ),
          listener,
          ...(lifecycle.onExpiry === 'merge' && {
            expiry: new ExpiryMerge({
              ...{ store: proposals, requests, snapshots, connection, planner },
              auditor: deps.auditor,
              ...{ auth, logger },
              now: Date.now,
            }),
          }),
          talk: new ForgeTalk({
            comments: talk,
            ...{ requests, connection, notifier, logger },
            now: Date.now,
          }),
          logger,
        });
        const desk = RepositoryPolicyDesk.create({
          snapshots,
          planner,
          turns: new Turns(limits),
          connection,
          work: worker,
          reviews: new ProposalReviews({
            connection,
            worker,
            store: proposals,
            listener,
          }),
          onProblem: error =>
            logger.warn('Proposals could not be worked on', error as Error),
        });

        const settlements = new ClaimSettlements({
          connection,
          snapshots,
          logger,
        });

        deps.lifecycle.addShutdownHook(() => worker.stop());

        permissionsRegistry.addResourceType({
          resourceRef: accessRequestResourceRef,
          permissions: callgatePermissions,
          rules: accessRequestRules,
          getResources: ids =>
            Promise.all(ids.map(id => requests.getParties(id))),
        });
        const glass = new GlassFollowUp({
          requests,
          ownership,
          notifier,
          now: Date.now,
          snapshots,
          planner,
          auditor: deps.auditor,
          auth,
          logger,
        });
        const service = AuditedAccessService.create({
          auditor: deps.auditor,
          requests,
          metrics: AccessMetrics.create({
            counts: DatabaseCounts.create({ client }),
            estate,
            logger,
            now: Date.now,
          }),
          service: AuthorizedAccessService.create({
            requests,
            permissions,
            permissionsRegistry,
            service: DefaultAccessService.create({
              requests,
              proposals,
              desk,
              settlements,
              imports: new ImportReports({
                connection,
                logger,
                now: Date.now,
              }),
              ownership,
              labels: Labels.create({ catalog, auth, services }),
              notifier,
              talk,
              platformTeam,
              securityTeam,
              reviews,
              lifecycle,
              ...(breakGlass && { breakGlass }),
              glass,
              cascade,
              evaluators: evaluators.all,
              now: Date.now,
            }),
          }),
        });
        const router = await createRouter({
          httpAuth: deps.httpAuth,
          service,
          desk,
          admission: Turns.byPersonAlone(limits),
          services,
          requests,
          intakes: EstateIntakes.of(estateSources.all),
          pushes: new AuditedPushes(deps.auditor),
          logger,
        });
        router.use(retryAfter(), hideInternals(logger));
        deps.httpRouter.use(router);
        await scheduleTasks({
          scheduler: deps.scheduler,
          worker,
          estate,
          watch: new PlatformWatch({
            platformTeam,
            snapshots,
            notices: new DatabaseNoticeStore({ client }),
            notifications: deps.notifications,
            logger,
          }),
          contested: new ContestedClaims({
            platformTeam,
            snapshots,
            told: DatabaseToldClaims.create({ client }),
            settlements,
            notifications: deps.notifications,
            logger,
          }),
          texts: new TextRetention({
            requests,
            reviews: reviewStore,
            retention,
            logger,
            now: Date.now,
          }),
          followUp: new GrantFollowUp({
            requests,
            proposals,
            ownership,
            notifier,
            lifecycle,
            now: Date.now,
            snapshots,
            planner,
            reviews,
            reminders,
            platformTeam,
            securityTeam,
            glass,
            auditor: deps.auditor,
            auth,
            logger,
          }),
          catalog: new CascadeFollowUp({
            requests,
            ownership,
            notifier,
            lifecycle,
            platformTeam,
            securityTeam,
            now: Date.now,
            snapshots,
            planner,
            cascade,
            store: cascadeStore,
            auditor: deps.auditor,
            auth,
            logger,
          }),
          waits: new ApprovalFollowUp({
            requests,
            ownership,
            notifier,
            platformTeam,
            securityTeam,
            now: Date.now,
            snapshots,
            reminders,
            logger,
          }),
          confirmations: new EndConfirmations({
            requests,
            proposals,
            ownership,
            notifier,
            platformTeam,
            securityTeam,
            snapshots,
            planner,
            auditor: deps.auditor,
            auth,
            logger,
          }),
        });
      },
    });
  },
});
