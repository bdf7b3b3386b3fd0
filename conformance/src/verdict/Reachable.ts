import {
  effectiveAccess,
  EffectiveAccess,
  reach,
  World as PolicyWorld,
} from '@callgate/policy';
import { World, WorldCall } from '../worlds/types';
import { waypointOf } from '../worlds/waypointOf';
import { callOf } from './callgate';

/** Paths that no proxy writes in another way: sets have them as they are compared. */
const PLAIN = /^(\/[A-Za-z0-9_-]+)*\/?$/;

/** What `reach` says about the pairs of one world, as sets of requests. */
export class Reachable {
  readonly #pairs = new Map<string, EffectiveAccess>();
  #edges: Set<string> | undefined;

  constructor(
    private readonly policyWorld: PolicyWorld,
    private readonly world: World,
  ) {}

  /**
   * What engines let pass has to be possible, and what they refuse must not be
   * sure. Possible is what passes on any way in; sure is what every Service
   * lets pass, so that of the pod's own address behind a waypoint it says
   * nothing. Gives what is different.
   */
  agrees(call: WorldCall, isAllowed: boolean): string | undefined {
    const { from, to, port, protocol = 'TCP', http } = callOf(this.world, call);
    if (http && !PLAIN.test(http.path)) return undefined;
    const { sure, possible } = this.#of(from, to);
    const request = { protocol, port, ...http };
    if (isAllowed && !possible.contains(request))
      return 'the engines allow it, and reach has it in no set';
    const isBeside =
      call.via === 'pod' &&
      waypointOf(this.world, this.world.workloads[call.to]) !== undefined;
    if (!isAllowed && !isBeside && sure.contains(request))
      return 'the engines refuse it, and reach says that it is surely allowed';
    const isListed = this.#listed().has(`${from} ${to}`);
    if (typeof call.from === 'number' && isListed === possible.isEmpty)
      return `reach ${
        isListed ? 'lists' : 'does not list'
      } the pair, against its own sets`;
    return undefined;
  }

  #of(from: string, to: string): EffectiveAccess {
    const key = `${from} ${to}`;
    const known =
      this.#pairs.get(key) ?? effectiveAccess(this.policyWorld, from, to);
    this.#pairs.set(key, known);
    return known;
  }

  #listed(): Set<string> {
    this.#edges ??= new Set(
      reach(this.policyWorld).edges.map(({ from, to }) => `${from} ${to}`),
    );
    return this.#edges;
  }
}
