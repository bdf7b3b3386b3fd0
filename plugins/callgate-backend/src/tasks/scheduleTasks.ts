import type { SchedulerService } from '@backstage/backend-plugin-api';
import type { ApprovalFollowUp } from '../access/ApprovalFollowUp';
import type { CascadeFollowUp } from '../access/CascadeFollowUp';
import type { EndConfirmations } from '../access/EndConfirmations';
import type { GrantFollowUp } from '../access/GrantFollowUp';
import type { ContestedClaims } from '../claims/ContestedClaims';
import type { EstateReader } from '../estate/EstateReader';
import type { PlatformWatch } from '../proposals/PlatformWatch';
import type { TextRetention } from '../retention/TextRetention';
import type { ProposalWorker } from '../proposals/ProposalWorker';

/** Starts what goes on by itself. What people do wakes the worker besides; these rounds find what a crash left behind. */
export async function scheduleTasks(options: {
  scheduler: SchedulerService;
  worker: Pick<ProposalWorker, 'runOnce' | 'syncOnce'>;
  estate: EstateReader;
  confirmations: Pick<EndConfirmations, 'runOnce'>;
  followUp: Pick<GrantFollowUp, 'runOnce'>;
  catalog: Pick<CascadeFollowUp, 'runOnce'>;
  texts: Pick<TextRetention, 'runOnce'>;
  waits: Pick<ApprovalFollowUp, 'runOnce'>;
  watch: Pick<PlatformWatch, 'runOnce'>;
  contested: Pick<ContestedClaims, 'runOnce'>;
}): Promise<void> {
  const { scheduler, worker, estate, confirmations, followUp } = options;
  const { watch, contested, texts, waits, catalog } = options;
  await scheduler.scheduleTask({
    id: 'build-proposals',
    frequency: { seconds: 30 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 5 },
    // Leases keep processes apart, row by row; a lock of the task would outlive a killed process by its timeout.
    scope: 'local',
    fn: () => worker.runOnce(),
  });
  await scheduler.scheduleTask({
    id: 'sync-proposals',
    frequency: { minutes: 1 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 10 },
    scope: 'global',
    fn: () => worker.syncOnce(),
  });
  await scheduler.scheduleTask({
    id: 'ask-to-confirm',
    frequency: { minutes: 1 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 15 },
    scope: 'global',
    fn: () => confirmations.runOnce(),
  });
  await scheduler.scheduleTask({
    id: 'follow-grants',
    frequency: { minutes: 1 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 15 },
    scope: 'global',
    fn: () => followUp.runOnce(),
  });
  await scheduler.scheduleTask({
    id: 'follow-catalog',
    frequency: { minutes: 1 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 20 },
    scope: 'global',
    fn: () => catalog.runOnce(),
  });
  await scheduler.scheduleTask({
    id: 'remind-deciders',
    frequency: { minutes: 10 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 30 },
    scope: 'global',
    fn: () => waits.runOnce(),
  });
  await scheduler.scheduleTask({
    id: 'tell-platform-team',
    frequency: { minutes: 1 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 20 },
    scope: 'global',
    fn: () => watch.runOnce(),
  });
  await scheduler.scheduleTask({
    id: 'tell-of-contested-claims',
    frequency: { minutes: 1 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 20 },
    scope: 'global',
    fn: () => contested.runOnce(),
  });
  await scheduler.scheduleTask({
    id: 'blank-texts',
    frequency: { hours: 6 },
    timeout: { minutes: 30 },
    initialDelay: { minutes: 1 },
    scope: 'global',
    fn: async () => {
      await texts.runOnce();
    },
  });
  // Each process keeps its own reading.
  await scheduler.scheduleTask({
    id: 'refresh-estate',
    frequency: { minutes: 1 },
    timeout: { minutes: 5 },
    scope: 'local',
    fn: async () => {
      await estate.refresh();
    },
  });
}
