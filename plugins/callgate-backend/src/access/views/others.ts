import type { PolicyOfOthers as CorePolicy } from '@callgate/policy';
import type { PolicyOfOthers } from '@callgate/plugin-callgate-common';
import type { Discretion } from './Discretion';

/** Policies of others as a reader may see them: those that name or touch something hidden count, and have no name. */
export function toOthers(
  policies: readonly CorePolicy[],
  discretion: Discretion,
): PolicyOfOthers[] {
  return policies.map(policy => {
    const { cluster, group, kind, namespace, name, may, ends } = policy;
    const seen = ends.filter(id => !discretion.hidesName(id));
    return {
      cluster,
      may,
      ends: seen,
      touches: [...new Set(seen.map(id => discretion.names.workload(id)))],
      ...(discretion.tellsOther(policy) && {
        group,
        kind,
        ...(namespace !== undefined && { namespace }),
        name,
      }),
    };
  });
}
