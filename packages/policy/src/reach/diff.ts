import { Bounds } from '../evaluate/networkpolicy/kernel';
import { Party, WorkloadParty } from '../evaluate/party';
import { Call, Layer } from '../evaluate/types';
import { PairBounds, World } from '../evaluate/World';
import { RequestSet } from '../requestset/RequestSet';
import { comparedPairs, type End } from './comparedPairs';
import { joined, minus, withReason, without } from './differences';
import { byEnds, witnessCall } from './ends';
import { isolationFlips } from './isolationFlips';
import { outsideClasses } from './outside';
import { AccessWriter } from './toAccess';
import {
  RestingPair,
  restingOn,
  tooComplexFindings,
} from './tooComplexFindings';
import {
  Access,
  ChangedEdge,
  DiffResult,
  IsolationFlip,
  LayerChange,
  ReachEdge,
} from './types';

const LAYERS: readonly Layer[] = ['kernel', 'identity', 'method'];

const NOTHING: Bounds = {
  sure: RequestSet.empty,
  possible: RequestSet.empty,
  conditions: [],
};
const ABSENT: PairBounds = {
  ...NOTHING,
  layers: { kernel: NOTHING, identity: NOTHING, method: NOTHING },
};

function same(a: Bounds, b: Bounds): boolean {
  return a.sure.equals(b.sure) && a.possible.equals(b.possible);
}

interface Side {
  world: World;
  writer: AccessWriter;
}

class Comparison {
  readonly gained: (ReachEdge & { witness: Call })[] = [];
  readonly lost: (ReachEdge & { witness: Call })[] = [];
  readonly changed: ChangedEdge[] = [];
  readonly layers: LayerChange[] = [];

  constructor(readonly before: Side, readonly after: Side) {}

  add(from: End, to: End): void {
    const b = this.bounds(this.before, from.before, to.before);
    const a = this.bounds(this.after, from.after, to.after);
    const layersSame = LAYERS.every(layer =>
      same(a.layers[layer], b.layers[layer]),
    );
    if (same(a, b) && layersSame) return;
    const [gained, lost] = [minus(a, b), minus(b, a)];
    const ends = { from: from.end, to: to.end };
    const witness = (set: RequestSet) => witnessCall(from.end, to.end, set);
    if (b.possible.isEmpty && !a.possible.isEmpty) {
      this.gained.push({
        ...ends,
        access: this.write(this.after, from.after, to.after, a, a),
        witness: witness(a.possible),
      });
    } else if (a.possible.isEmpty && !b.possible.isEmpty) {
      this.lost.push({
        ...ends,
        access: this.write(this.before, from.before, to.before, b, b),
        witness: witness(b.possible),
      });
    } else if (!gained.possible.isEmpty || !lost.possible.isEmpty) {
      this.changed.push({
        ...ends,
        gained: this.write(this.after, from.after, to.after, a, gained),
        lost: this.write(this.before, from.before, to.before, b, lost),
        witness: witness(
          gained.possible.isEmpty ? lost.possible : gained.possible,
        ),
      });
    }
    // An end that is only in one world brings or takes all its layers with it.
    const isNew = !from.before || !to.before || !from.after || !to.after;
    if (!layersSame && !isNew)
      this.addLayers(from, to, a, b, joined(gained.possible, lost.possible));
  }

  /** All pairs that differ or may, with what that rests on. */
  resting(): RestingPair[] {
    return [
      ...[...this.gained, ...this.lost].map(edge =>
        restingOn(edge, edge.access),
      ),
      ...[...this.changed, ...this.layers].map(edge =>
        restingOn(edge, edge.gained, edge.lost),
      ),
    ];
  }

  private addLayers(
    from: End,
    to: End,
    a: PairBounds,
    b: PairBounds,
    moved: RequestSet,
  ): void {
    for (const layer of LAYERS) {
      const gained = without(minus(a.layers[layer], b.layers[layer]), moved);
      const lost = without(minus(b.layers[layer], a.layers[layer]), moved);
      if (gained.possible.isEmpty && lost.possible.isEmpty) continue;
      this.layers.push({
        from: from.end,
        to: to.end,
        layer,
        gained: this.write(this.after, from.after, to.after, a, gained),
        lost: this.write(this.before, from.before, to.before, b, lost),
        witness: witnessCall(
          from.end,
          to.end,
          gained.possible.isEmpty ? lost.possible : gained.possible,
        ),
      });
    }
  }

  private bounds(
    { world }: Side,
    from: Party | undefined,
    to: Party | undefined,
  ): PairBounds {
    return from && to ? world.pairBounds(from, to) : ABSENT;
  }

  private write(
    side: Side,
    from: Party | undefined,
    to: Party | undefined,
    bounds: PairBounds,
    part: Bounds,
  ): Access[] {
    return from && to && !part.possible.isEmpty
      ? side.writer.write(from, to, withReason(bounds, part), part)
      : [];
  }
}

function isSelfOfOne(from: End, to: End): boolean {
  if (from.end !== to.end) return false;
  const parties = [from.before, from.after].filter(
    (party): party is WorkloadParty => party?.kind === 'workload',
  );
  return parties.every(party => party.workload.replicas === 'one');
}

/** Classes of addresses that some end treats otherwise than others, among the ends that have changed. */
function outsideEnds(
  before: World,
  after: World,
  ends: { inward: readonly End[]; outward: readonly End[] },
): End[] {
  const text = ({ sure, possible, layers }: PairBounds) =>
    `${sure.id},${possible.id},${layers.kernel.sure.id},${layers.method.sure.id}`;
  const signature = (party: Party) =>
    [
      ...ends.inward.flatMap(end => [
        end.before ? text(before.pairBounds(party, end.before)) : '',
        end.after ? text(after.pairBounds(party, end.after)) : '',
      ]),
      ...ends.outward.flatMap(end => [
        end.before ? text(before.pairBounds(end.before, party)) : '',
        end.after ? text(after.pairBounds(end.after, party)) : '',
      ]),
    ].join(' ');
  const subjects = new Set(
    [...ends.inward, ...ends.outward].map(({ end }) => String(end)),
  );
  return outsideClasses([before, after], signature, subjects).map(
    ({ party, cidrs }) => ({ end: { cidrs }, before: party, after: party }),
  );
}

function flips(
  before: World,
  after: World,
  ends: readonly End[],
  comparison: Comparison,
): IsolationFlip[] {
  return ends.flatMap(({ end, before: was, after: is }) => {
    if (
      typeof end !== 'string' ||
      was?.kind !== 'workload' ||
      is?.kind !== 'workload'
    )
      return [];
    // A real caller that the flip concerns says more than somebody outside.
    const example = (direction: 'ingress' | 'egress', set: RequestSet) =>
      [...comparison.lost, ...comparison.gained, ...comparison.changed].find(
        edge =>
          (direction === 'ingress' ? edge.to : edge.from) === end &&
          typeof (direction === 'ingress' ? edge.from : edge.to) === 'string' &&
          set.mayContain({
            protocol: edge.witness.protocol ?? 'TCP',
            port: edge.witness.port,
          }),
      )?.witness;
    return isolationFlips(
      end,
      { world: before, party: was },
      { world: after, party: is },
      example,
    );
  });
}

/**
 * What changes from one world to another, by meaning: two worlds that mean the
 * same give an empty result however they are written. Every entry carries a
 * call that it decides.
 *
 * @public
 */
export function diff(before: World, after: World): DiffResult {
  const comparison = new Comparison(
    { world: before, writer: new AccessWriter(before) },
    { world: after, writer: new AccessWriter(after) },
  );
  const { pairs, inward, outward } = comparedPairs(before, after);
  for (const [from, to] of pairs)
    if (!isSelfOfOne(from, to)) comparison.add(from, to);
  for (const outside of outsideEnds(before, after, { inward, outward })) {
    for (const end of inward) comparison.add(outside, end);
    for (const end of outward) comparison.add(end, outside);
  }
  const changed = [...new Set([...inward, ...outward])].sort((a, b) =>
    String(a.end) < String(b.end) ? -1 : 1,
  );
  return {
    schemaVersion: 1,
    gained: comparison.gained.sort(byEnds),
    lost: comparison.lost.sort(byEnds),
    changed: comparison.changed.sort(byEnds),
    layers: comparison.layers.sort(byEnds),
    isolation: flips(before, after, changed, comparison),
    findings: [...after.findings, ...tooComplexFindings(comparison.resting())],
    guesses: [...new Set([...before.guesses, ...after.guesses])],
  };
}
