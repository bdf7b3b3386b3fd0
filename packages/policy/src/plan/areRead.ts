import { notReadAbout } from '../estate/notReadAbout';
import type { Cluster, Workload } from '../estate/types';
import { said, workload as workloadName } from '../words';
import type { Report } from './Report';

/**
 * Is everything that concerns these workloads known? Where policies or pods beside them were left out, what is generated
 * would be proved beside less than there is: an error for each of them, and what others asked for goes on.
 */
export function areRead(
  cluster: Cluster,
  ends: readonly Workload[],
  report: Report,
): boolean {
  let isRead = true;
  for (const end of ends) {
    const [gap] = notReadAbout(cluster, end);
    if (!gap) continue;
    isRead = false;
    report.add(
      'end-not-read',
      said`Not everything about ${workloadName(end.id)} could be read in ${
        cluster.name
      } (${gap.name})`,
      [end.id],
    );
  }
  return isRead;
}
