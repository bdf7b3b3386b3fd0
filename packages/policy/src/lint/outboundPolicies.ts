import { Path } from '../estate/fieldPath';
import { Check } from './LintContext';
import { edgeOf } from './edge';
import { few, notice } from './notice';
import { valuesOf } from './valuesOf';

const OF_HOST = /^(?:hosts|connection\.sni)$/;

/** Policies about hosts outside the mesh: they hold where calls arrive, and these arrive at none of the pods. */
export const outboundPolicies: Check = context => {
  const { cluster, authorizations } = context;
  const outside = new Map(
    cluster.hosts
      .filter(
        ({ kind, location }) =>
          kind === 'ServiceEntry' && location !== 'MESH_INTERNAL',
      )
      .flatMap(({ id, hosts }) => hosts.map(host => [host, id] as const)),
  );
  if (outside.size === 0) return [];
  const edge = new Set(edgeOf(context));
  return authorizations.flatMap(({ manifest, spec, targets, workloads }) => {
    // Where traffic leaves through a gateway or a waypoint, the host is there to be seen.
    if (targets.length > 0 || workloads.some(each => edge.has(each))) return [];
    const lists = new Map<string, { path: Path; hosts: Set<string> }>();
    for (const { name, value, list } of valuesOf(spec)) {
      const host = value.replace(/:(?:\*|\d+)$/, '').toLowerCase();
      if (!OF_HOST.test(name) || !outside.has(host)) continue;
      const key = list.join('.');
      const known = lists.get(key) ?? { path: list, hosts: new Set() };
      lists.set(key, { ...known, hosts: known.hosts.add(host) });
    }
    return [...lists.values()].map(({ path, hosts }) =>
      notice('outbound-not-limited', {
        manifest,
        path,
        text: `names ${few([
          ...hosts,
        ])}, which is outside the mesh: the policy holds for calls that arrive at pods, and nobody enforces it for those that leave them.`,
        others: [...hosts].flatMap(host => outside.get(host) ?? []),
      }),
    );
  });
};
