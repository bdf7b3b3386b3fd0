import { NotFoundError } from '@backstage/errors';
import {
  type Cluster,
  profileReport,
  type ProfileReport,
} from '@callgate/policy';
import type { ClusterList } from '@callgate/plugin-callgate-common';
import type { CallerOptions } from './AccessService';
import type { AccessViews } from './AccessViews';
import type { ServiceParts } from './ServiceParts';
import { toClusterPlatform } from './views/clusters';
import { toSource } from './views/source';

/** Clusters of a snapshot do not change: each is looked through once. */
const reports = new WeakMap<Cluster, ProfileReport>();

function reportOf(cluster: Cluster): ProfileReport {
  const known = reports.get(cluster);
  if (known) return known;
  const report = profileReport(cluster);
  reports.set(cluster, report);
  return report;
}

/** What is known of the platforms below: for the platform team, which states the rest. */
export class ClusterDesk {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
  ) {}

  /** @throws NotFoundError for whoever is no member of the platform team */
  async list(options: CallerOptions): Promise<ClusterList> {
    const { ownership, platformTeam } = this.parts;
    const { claims } = await ownership.person(options.credentials);
    if (platformTeam === undefined || !claims.has(platformTeam))
      throw new NotFoundError('There is nothing here');
    const facts = await this.access.facts();
    const discretion = await this.access.discretion(facts, options.credentials);
    const { snapshot } = facts;
    return {
      clusters: [...snapshot.clusters]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(cluster =>
          toClusterPlatform(reportOf(cluster), discretion.everythingSeen),
        ),
      source: toSource(snapshot, discretion),
    };
  }
}
