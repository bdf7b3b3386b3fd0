import { groupOf, hasPodTemplate } from '../estate/podTemplates';
import { Cluster, ManifestObject, Workload } from '../estate/types';
import { ClusterWorld } from '../evaluate/ClusterWorld';
import { WorkloadParty } from '../evaluate/party';
import { World } from '../evaluate/World';
import { meaningOf, textOf } from './meaningOf';
import { touchedEnds } from './touchedEnds';

/**
 * Which workloads may answer or call otherwise than before. Pairs of which
 * neither the provider's door nor the caller's has changed mean the same in
 * both worlds, and need no comparison.
 */
export interface ChangedEnds {
  /** What comes in may be judged otherwise. */
  ingress(name: string): boolean;
  /** What goes out may be judged otherwise. */
  egress(name: string): boolean;
  /**
   * Names of the above, and of those where more than the network policies
   * may differ; absent where that is not known.
   */
  names?: Readonly<Record<'ingress' | 'egress' | 'mesh', ReadonlySet<string>>>;
}

const EVERYTHING: ChangedEnds = { ingress: () => true, egress: () => true };

/** Kinds that act on single workloads, and are looked at workload by workload. */
function isLookedAt(
  manifest: ManifestObject,
  cluster: Cluster,
  world: ClusterWorld,
): boolean {
  const { object } = manifest;
  const group = groupOf(object);
  if (object.kind === 'NetworkPolicy' && group === 'networking.k8s.io')
    return !world.hasProxies;
  if (object.kind === 'AuthorizationPolicy' && group === 'security.istio.io')
    return !world.hasProxies;
  if (object.kind === 'Namespace' && group === '') return true;
  return hasPodTemplate(object, cluster.profile);
}

/** Everything that no workload's own key has: where it differs, everything may. */
function environmentOf(cluster: Cluster, world: ClusterWorld): string {
  const others = cluster.objects
    .filter(manifest => !isLookedAt(manifest, cluster, world))
    .map(({ object }) => textOf(object))
    .sort();
  const gateways = cluster.gateways.map(({ at: _, ...rest }) => rest);
  // One ambient workload is enough to change what sidecars send to each other.
  const hasAmbient = cluster.workloads.some(({ mesh }) => mesh === 'ambient');
  return JSON.stringify([
    cluster.name,
    cluster.profile,
    gateways,
    hasAmbient,
    others,
  ]);
}

function factsOf(cluster: Cluster, workload: Workload): string {
  const { at: _, kinds, ...facts } = workload;
  const namespace = cluster.namespaces.get(workload.namespace);
  return JSON.stringify([
    facts,
    kinds?.map(({ at: __, ...kind }) => kind),
    namespace?.labels,
    namespace?.annotations,
  ]);
}

function doorsOf(
  world: World,
  party: WorkloadParty,
): { ingress: string; egress: string } {
  const { cluster, workload, index } = party;
  const compiled = world.of(cluster);
  const facts = factsOf(cluster, workload);
  const kernel = (direction: 'ingress' | 'egress') =>
    compiled.kernel
      .of(direction, index)
      .map(({ manifest }) => meaningOf(manifest))
      .sort()
      .join('\n');
  const mesh = compiled.authorization
    .inScope(workload)
    .map(({ manifest }) => meaningOf(manifest))
    .sort()
    .join('\n');
  return {
    ingress: `${facts}\n\n${kernel('ingress')}\n\n${mesh}`,
    egress: `${facts}\n\n${kernel('egress')}`,
  };
}

/**
 * Compares what decides about each workload in two worlds, as text: equal text
 * means an equal answer, whatever the answer is. Text that differs may still
 * mean the same, which is for the comparison of sets to find out.
 */
export function changedEnds(before: World, after: World): ChangedEnds {
  const touched = touchedEnds(before, after);
  if (touched) {
    const { ingress, egress, mesh } = touched;
    return {
      ingress: name => ingress.has(name) || mesh.has(name),
      egress: name => egress.has(name),
      names: { ingress: new Set([...ingress, ...mesh]), egress, mesh },
    };
  }
  const environment = (world: World) =>
    world.clusters
      .map(cluster => environmentOf(cluster, world.of(cluster)))
      .join('\n');
  if (environment(before) !== environment(after)) return EVERYTHING;
  const ingress = new Set<string>();
  const egress = new Set<string>();
  for (const [name, is] of after.partyNames) {
    const was = before.parties.get(name);
    const now = doorsOf(after, is);
    const then = was && doorsOf(before, was);
    if (now.ingress !== then?.ingress) ingress.add(name);
    if (now.egress !== then?.egress) egress.add(name);
  }
  for (const [name] of before.partyNames) {
    if (after.parties.has(name)) continue;
    ingress.add(name);
    egress.add(name);
  }
  return {
    ingress: name => ingress.has(name),
    egress: name => egress.has(name),
  };
}
