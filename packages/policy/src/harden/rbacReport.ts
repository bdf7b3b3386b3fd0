import { Cluster } from '../estate/types';
import { Plan } from '../plan/types';
import { Power, POWERS } from './powers';
import { allows, Binding, readBindings, readRoles } from './roles';
import { PowerHolder, RbacReport, UnknownRole } from './types';

/** Namespaces of one cluster in which the ends of edges run. */
export function protectedNamespaces(
  plan: Pick<Plan, 'edges' | 'isolations'>,
  cluster: string,
): string[] {
  const names = [
    ...plan.edges
      .filter(each => each.cluster === cluster)
      .flatMap(({ from, to }) => [from, to]),
    ...plan.isolations
      .filter(each => each.cluster === cluster)
      .map(({ workload }) => workload),
  ].flatMap(end => ('namespace' in end ? [end.namespace] : []));
  return [...new Set(names)].sort();
}

/** Where a binding gives a power that matters: namespaces, or `*` once. */
function placesOf(
  binding: Binding,
  power: Power,
  namespaces: readonly string[],
  root: string,
): readonly string[] {
  const everywhere = binding.namespace === '*';
  if (power.where === 'cluster') return everywhere ? ['*'] : [];
  if (power.where === 'root')
    return everywhere || binding.namespace === root ? [root] : [];
  if (everywhere) return namespaces.length > 0 ? ['*'] : [];
  return namespaces.includes(binding.namespace) ? [binding.namespace] : [];
}

const order = (item: UnknownRole & { power?: string }) =>
  JSON.stringify([
    item.cluster,
    item.namespace,
    item.subject,
    item.power ?? '',
    item.through,
  ]);

function sorted<T extends UnknownRole>(items: readonly T[]): T[] {
  const byOrder = new Map(items.map(item => [order(item), item]));
  return [...byOrder.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);
}

/**
 * Who could defeat a layer in the namespaces of a plan, by the roles and
 * bindings that the estate has. What is bound to a role that the estate does
 * not have is listed as unknown; nobody is left out because something is
 * missing.
 *
 * @public
 */
export function rbacReport(
  plan: Pick<Plan, 'edges' | 'isolations'>,
  clusters: readonly Cluster[],
): RbacReport {
  const holders: PowerHolder[] = [];
  const unknown: UnknownRole[] = [];
  for (const cluster of clusters) {
    const { name, profile } = cluster;
    const namespaces = protectedNamespaces(plan, name);
    const root = profile.mesh.rootNamespace;
    const roles = readRoles(cluster);
    for (const binding of readBindings(cluster)) {
      const { through, namespace } = binding;
      const rules = roles.get(binding.role);
      const concerned =
        namespace === '*' ||
        namespace === root ||
        namespaces.includes(namespace);
      for (const subject of binding.subjects) {
        if (!rules) {
          if (concerned)
            unknown.push({ cluster: name, namespace, subject, through });
          continue;
        }
        for (const power of POWERS) {
          if (!allows(rules, power.rules)) continue;
          for (const place of placesOf(binding, power, namespaces, root))
            holders.push({
              cluster: name,
              namespace: place,
              subject,
              power: power.id,
              text: power.text,
              defeats: power.defeats,
              through,
            });
        }
      }
    }
  }
  return { holders: sorted(holders), unknown: sorted(unknown) };
}
