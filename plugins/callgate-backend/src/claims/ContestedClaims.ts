import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import { claimKey, type ToldClaims } from '../database/DatabaseToldClaims';
import type { Snapshot } from '../proposals/types';
import {
  claimedWorkload,
  claimedWorkloads,
  isEstateKnown,
} from './claimedWorkloads';
import type { ClaimSettlements } from './ClaimSettlements';
import type { ClaimTarget } from './ClaimTarget';

/**
 * Tells the platform team of workloads that several owners claim and nobody has settled, once each, and that it is settled or
 * gone. One text goes to everybody, and not everybody may see every claimant, so it names neither them nor the workload.
 */
export class ContestedClaims {
  #done: Snapshot | undefined;

  constructor(
    private readonly options: {
      /** Full ref of a group; without one there is nobody to tell. */
      platformTeam: string | undefined;
      snapshots: { read(how?: { fresh?: boolean }): Promise<Snapshot> };
      told: ToldClaims;
      settlements: Pick<ClaimSettlements, 'close'>;
      notifications: NotificationService;
      logger: LoggerService;
    },
  ) {}

  /** Looks at what is so now. What fails is logged and tried again with the next round. */
  async runOnce(): Promise<void> {
    const { platformTeam, snapshots, told } = this.options;
    if (!platformTeam) return;
    const snapshot = await snapshots.read({ fresh: true });
    if (snapshot === this.#done) return;
    // Of what could not be read nobody knows whether it is contested.
    const isKnown = ({ cluster }: ClaimTarget) =>
      isEstateKnown(snapshot) &&
      !snapshot.unread.some(each => each.cluster === cluster);
    let complete = true;
    const attempt = async (step: () => Promise<void>) => {
      try {
        await step();
      } catch (error) {
        complete = false;
        this.options.logger.warn(
          `The platform team was not told of a claim: ${stringifyError(error)}`,
        );
      }
    };
    const known = new Set((await told.all()).map(claimKey));
    const contested = claimedWorkloads(snapshot)
      .filter(({ state }) => state === 'contested')
      .filter(isKnown);
    for (const target of contested)
      if (!known.has(claimKey(target)))
        await attempt(() => this.#tell(platformTeam, target));
    for (const target of (await told.all()).filter(isKnown))
      if (claimedWorkload(snapshot, target)?.state !== 'contested')
        await attempt(() => this.#end(platformTeam, target, snapshot));
    if (complete && isEstateKnown(snapshot)) this.#done = snapshot;
  }

  async #tell(platformTeam: string, target: ClaimTarget): Promise<void> {
    const { told } = this.options;
    // Of several processes one gets further.
    if (!(await told.add(target))) return;
    try {
      await this.#send(platformTeam, target, {
        title: `Several owners claim a workload in ${target.cluster}, and nothing says whose it is`,
        description:
          'Nothing is granted through any of the claims until you settle whose it is.',
        severity: 'normal',
      });
    } catch (error) {
      await told.remove(target);
      throw error;
    }
  }

  async #end(
    platformTeam: string,
    target: ClaimTarget,
    snapshot: Snapshot,
  ): Promise<void> {
    const { told, settlements } = this.options;
    if (!(await told.remove(target))) return;
    const isThere = claimedWorkload(snapshot, target) !== undefined;
    await this.#send(platformTeam, target, {
      title: isThere
        ? `Settled: whose a workload in ${target.cluster} is`
        : `Gone: several owners claimed a workload in ${target.cluster}`,
      // What it replaces stands on without one.
      description: 'Nothing waits for you here any more.',
      severity: 'low',
    });
    await settlements.close(
      target,
      'Whose this workload is, is not contested any more.',
    );
  }

  async #send(
    platformTeam: string,
    target: ClaimTarget,
    payload: {
      title: string;
      description?: string;
      severity: 'low' | 'normal';
    },
  ): Promise<void> {
    await this.options.notifications.send({
      recipients: { type: 'entity', entityRef: platformTeam },
      payload: {
        ...payload,
        link: '/access/claims',
        topic: 'access-claim',
        scope: `claim:${claimKey(target).slice(0, 16)}`,
      },
    });
  }
}
