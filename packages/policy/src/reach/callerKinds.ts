import { WorkloadParty } from '../evaluate/party';
import { World } from '../evaluate/World';

/**
 * Callers that a provider cannot tell apart, so that what one of them may do is worked out once. `undefined`: somebody looks at
 * who calls, and each has to be asked for.
 */
export class CallerKinds {
  readonly #world: World;
  readonly #isSimple: boolean;
  readonly #egress = new Map<WorkloadParty, string | undefined>();

  constructor(world: World) {
    this.#world = world;
    this.#isSimple =
      world.clusters.length === 1 &&
      world.clusters[0].waypoints.length === 0 &&
      world.clusters[0].objects.every(
        ({ object }) => object.kind !== 'DestinationRule',
      );
  }

  /** Function from callers to their kind for one provider; `undefined` where its policies look at callers. */
  towards(
    to: WorkloadParty,
  ): ((from: WorkloadParty) => string | undefined) | undefined {
    if (!this.#isSimple || to.workload.kinds) return undefined;
    const world = this.#world.of(to.cluster);
    const isOpen =
      world.kernel.of('ingress', to.index).length === 0 &&
      world.unmodelled.kernel(to.workload, 'ingress').length === 0 &&
      (!world.hasProxy(to.workload) ||
        (to.workload.gateway === undefined &&
          !to.workload.router &&
          world.authorization.of(to.workload).length === 0));
    return isOpen ? from => this.kindOf(from) : undefined;
  }

  private kindOf(from: WorkloadParty): string | undefined {
    if (this.#egress.has(from)) return this.#egress.get(from);
    const world = this.#world.of(from.cluster);
    const { workload } = from;
    const isOpen =
      !workload.kinds &&
      world.kernel.of('egress', from.index).length === 0 &&
      world.unmodelled.kernel(workload, 'egress').length === 0 &&
      !workload.hostNetwork &&
      workload.runsOn === 'pods';
    const kind = isOpen
      ? [
          workload.mesh,
          workload.meshIsGuess,
          workload.hbone,
          workload.sendsHbone,
          workload.gateway !== undefined,
          workload.router ?? false,
        ].join()
      : undefined;
    this.#egress.set(from, kind);
    return kind;
  }
}
