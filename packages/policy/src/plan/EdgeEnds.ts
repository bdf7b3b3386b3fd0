import { Cluster, Workload } from '../estate/types';
import { meshOfCaller } from './callerParty';
import { chooseSelector } from './chooseSelector';
import { Report } from './Report';
import { EdgeEnd } from './types';
import { hostBlocks } from './hostBlocks';
import { said, workload as workloadName, workloads } from '../words';

/** The identity that the mesh gives a service account (SPIFFE id without its scheme, as Istio compares principals). */
export function principalOf(
  cluster: Cluster,
  namespace: string,
  serviceAccount: string,
): string {
  return `${cluster.profile.mesh.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

/**
 * A service account's identity under every trust domain of the mesh. Envoys are told about aliases by istiod; ztunnel compares
 * principals as they are written.
 */
export function principalsOf(
  cluster: Cluster,
  namespace: string,
  serviceAccount: string,
): string[] {
  const { trustDomain, trustDomainAliases } = cluster.profile.mesh;
  const domains = new Set([trustDomain, ...trustDomainAliases]);
  return [...domains].map(
    domain => `${domain}/ns/${namespace}/sa/${serviceAccount}`,
  );
}

/**
 * Ends of edges, each worked out once per cluster and role.
 */
export class EdgeEnds {
  readonly #known = new Map<string, EdgeEnd | { others: string[] }>();

  /**
   * @param sharing - workloads that have the same access, so that a selector may select them too; none for providers,
   * whose isolation is theirs alone
   * @returns undefined where no selector is narrow enough: reported
   */
  of(
    cluster: Cluster,
    workload: Workload,
    sharing: ReadonlySet<string>,
    report: Report,
  ): EdgeEnd | undefined {
    const key = JSON.stringify([
      cluster.name,
      workload.id,
      [...sharing].sort(),
    ]);
    let found = this.#known.get(key);
    if (!found) {
      found = this.#make(cluster, workload, sharing);
      this.#known.set(key, found);
    }
    if (!('others' in found)) return found;
    const others =
      found.others.length > 0
        ? said`: ${workloads(found.others)} would be selected as well`
        : ': it has no labels';
    report.add(
      'kernel-overgrant',
      said`No labels select the pods of ${workloadName(
        workload.id,
      )} alone${others}`,
      [workload.id, ...found.others],
    );
    return undefined;
  }

  #make(
    cluster: Cluster,
    workload: Workload,
    sharing: ReadonlySet<string>,
  ): EdgeEnd | { others: string[] } {
    const exact = chooseSelector(cluster, workload);
    const choice =
      'selector' in exact ? exact : chooseSelector(cluster, workload, sharing);
    if (!('selector' in choice)) return choice;
    return {
      kind: 'workload',
      id: workload.id,
      namespace: workload.namespace,
      selector: choice.selector,
      serviceAccount: workload.serviceAccount,
      ...(meshOfCaller(workload) !== 'none' && {
        principal: principalOf(
          cluster,
          workload.namespace,
          workload.serviceAccount,
        ),
      }),
      mesh: workload.mesh,
      ...(workload.runsOn === 'host' && { cidrs: hostBlocks(workload) }),
    };
  }
}
