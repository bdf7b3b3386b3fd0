import type { ApiSide } from '../access/ApiSide';
import { isGenerated } from '../plan/foreignPolicies';
import { API_KEY } from '../emit';
import type { Cluster } from '../estate/types';
import type { Bindings } from '../plan/claims/Bindings';
import { headFindings } from './policyText';
import type { LeftOut } from './types';

/**
 * Why nothing can be written for an API before anybody asks who may call it: whose its workloads are is not clear, or it is
 * declared already.
 */
export function leftOutFirst(
  side: ApiSide,
  clusters: readonly Cluster[],
  bindings: Bindings,
): LeftOut | undefined {
  const { api, book } = side;
  const entity = book.catalog.get(api);
  if (!entity) return { reason: 'no-provider' };
  if (hasGenerated(api, clusters)) return { reason: 'declared' };
  const [owner] = [...book.catalog.ownersOf(entity)].sort();
  if (owner === undefined) return { reason: 'no-owner' };
  const findings = headFindings(api, owner);
  if (findings.length > 0) return { reason: 'errors', findings };
  const providers = book.providersOf(api);
  if (providers.length === 0) return { reason: 'no-provider' };
  for (const provider of providers) {
    const binding = bindings.of(provider);
    switch (binding.kind) {
      case 'host':
        return { reason: 'outside' };
      case 'not-held':
        return { reason: 'contested', claims: binding.claims };
      case 'workloads':
        if (binding.leftOut?.length)
          return { reason: 'contested', claims: binding.leftOut };
        break;
      default:
        return {
          reason: 'not-bound',
          entity: provider,
          binding: binding.kind,
        };
    }
  }
  for (const { cluster, workload } of side.providers) {
    const entities = book.entitiesOf(cluster.name, workload.id);
    if (entities.length > 1)
      return {
        reason: 'several-entities',
        cluster: cluster.name,
        workload: workload.id,
        entities,
      };
  }
  return side.providers.length === 0 ? { reason: 'no-provider' } : undefined;
}

function hasGenerated(api: string, clusters: readonly Cluster[]): boolean {
  return clusters.some(({ objects }) =>
    objects.some(
      ({ object }) =>
        isGenerated(object) && object.metadata.annotations?.[API_KEY] === api,
    ),
  );
}
