import { matchLabels } from '../estate/podLabels';
import { policyDelta, type PolicyDelta } from '../estate/amendCluster';
import { workloadsIn, workloadsOf } from '../estate/serviceLookup';
import { Cluster, Labels, ManifestObject, Workload } from '../estate/types';
import { ClusterWorld } from '../evaluate/ClusterWorld';
import { World } from '../evaluate/World';
import { meaningOf } from './meaningOf';

/** Workloads, by name, that a policy is about which only one of two worlds has. */
export interface TouchedEnds {
  /** Their network policies for what comes in differ. */
  ingress: Set<string>;
  /** Their network policies for what goes out differ. */
  egress: Set<string>;
  /** What their proxy or their waypoint's is told differs. */
  mesh: Set<string>;
}

/** Policies of both sides that mean the same change nothing, whatever they are called. */
function withoutEqual({ removed, added }: PolicyDelta): PolicyDelta {
  const count = new Map<string, number>();
  const add = (manifest: ManifestObject, by: number) => {
    const key = `${manifest.object.kind} ${meaningOf(manifest)}`;
    count.set(key, (count.get(key) ?? 0) + by);
    return key;
  };
  const removedKeys = removed.map(manifest => add(manifest, -1));
  const addedKeys = added.map(manifest => add(manifest, 1));
  return {
    removed: removed.filter((_, index) => count.get(removedKeys[index])! < 0),
    added: added.filter((_, index) => count.get(addedKeys[index])! > 0),
  };
}

/** Collects what the policies of one side are about; gives up where that is more than single workloads. */
class Touch {
  readonly #waypoints: ReadonlySet<string>;

  constructor(
    readonly cluster: Cluster,
    readonly world: ClusterWorld,
    readonly nameOf: (workload: Workload) => string,
    readonly ends: TouchedEnds,
  ) {
    this.#waypoints = new Set(
      cluster.waypoints.map(({ workload }) => workload),
    );
  }

  /** @returns false where anything may be judged otherwise */
  all(manifests: readonly ManifestObject[]): boolean {
    const own = new Set(manifests);
    const isOwn = ({ manifest }: { manifest: ManifestObject }) =>
      own.has(manifest);
    return (
      manifests.every(manifest => {
        const policy = this.world.kernel.compiledOf(manifest);
        if (!policy) return true;
        const workloads = policy.selected.map(
          index => this.cluster.workloads[index],
        );
        return (
          (!policy.ingress || this.touch('ingress', workloads)) &&
          (!policy.egress || this.touch('egress', workloads))
        );
      }) &&
      this.world.authorization.policies
        .filter(isOwn)
        .every(({ namespace, spec: { targets, selector } }) =>
          targets.length > 0
            ? targets.every(({ group, kind, name }) =>
                group === '' && kind === 'Service'
                  ? this.service(namespace, name)
                  : false,
              )
            : this.selected(namespace, selector),
        ) &&
      this.world.peers.all
        .filter(isOwn)
        .every(({ namespace, selector }) => this.selected(namespace, selector))
    );
  }

  private service(namespace: string, name: string): boolean {
    const service = this.cluster.services.find(
      each => each.name === name && each.namespace === namespace,
    );
    return !service || this.touch('mesh', workloadsOf(this.cluster, service));
  }

  private selected(namespace: string, selector: Labels = {}): boolean {
    // What holds for the whole mesh may decide for everybody.
    if (namespace === this.cluster.profile.mesh.rootNamespace) return false;
    return this.touch(
      'mesh',
      workloadsIn(this.cluster, namespace).filter(
        workload => matchLabels(selector, workload) !== 'no',
      ),
    );
  }

  private touch(
    way: keyof TouchedEnds,
    workloads: readonly Workload[],
  ): boolean {
    for (const workload of workloads) {
      // What a waypoint's pods let through concerns everybody behind it.
      if (this.#waypoints.has(workload.id)) return false;
      this.ends[way].add(this.nameOf(workload));
    }
    return true;
  }
}

/**
 * The workloads that policies are about in which two worlds differ; `undefined`
 * where worlds differ in more than that, or a policy is about more than single
 * workloads. All others answer and call as before.
 *
 * @param compared - `by-meaning` leaves out policies that only have another
 * name, which conditions and rules that are named would show
 */
export function touchedEnds(
  before: World,
  after: World,
  compared: 'by-meaning' | 'by-name' = 'by-meaning',
): TouchedEnds | undefined {
  if (before.clusters.length !== after.clusters.length) return undefined;
  const ends: TouchedEnds = {
    ingress: new Set(),
    egress: new Set(),
    mesh: new Set(),
  };
  const several = after.clusters.length > 1;
  const isKnown = after.clusters.every((cluster, index) => {
    const was = before.clusters[index];
    const found = policyDelta(was, cluster);
    if (!found) return false;
    const delta = compared === 'by-name' ? found : withoutEqual(found);
    const nameOf = ({ id }: Workload) =>
      several ? `${cluster.name}:${id}` : id;
    return (
      new Touch(was, before.of(was), nameOf, ends).all(delta.removed) &&
      new Touch(cluster, after.of(cluster), nameOf, ends).all(delta.added)
    );
  });
  return isKnown ? ends : undefined;
}
