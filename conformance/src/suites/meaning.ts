import { diff, DiffResult, Endpoint } from '@callgate/policy';
import {
  amendedWorldOf,
  callgateVerdict,
  policyWorldOf,
} from '../verdict/callgate';
import { routeOf } from '../verdict/route';
import { cidrHas } from '../worlds/cidr';
import { selectsSomePods, withControllers } from '../worlds/controllers';
import { Random } from '../worlds/Random';
import { randomCalls } from '../worlds/randomCalls';
import { randomWorld } from '../worlds/randomWorld';
import { withMoreEnds } from '../worlds/richerWorld';
import { idOf, World, WorldCall } from '../worlds/types';
import { Suite } from './types';
import { LAYERS, Witness, witnessesOf } from './witnesses';

const CALLS = 40;

const CONDITIONAL = 'conditional';

/** A world before and after one of its policies changed. */
interface Change {
  before: World;
  after: World;
  result: DiffResult;
  calls: readonly WorldCall[];
  /** Of the differences that are sure. */
  witnesses: readonly Witness[];
}

function changeBetween(
  before: World,
  after: World,
  calls: readonly WorldCall[],
  withWitnesses = true,
): Change {
  const was = policyWorldOf(before);
  // Every other one as the portal does it, which does not look at everything again.
  const is =
    before.seed % 2 === 0
      ? policyWorldOf(after)
      : amendedWorldOf(was, before, after);
  const result = diff(was, is);
  // What was possible and is sure now is a difference that engines, for which nothing is unknown, do not have.
  const isSure = (call: WorldCall, layer: Witness['layer']) =>
    [was, is].every(world => {
      const { verdict, hops } = callgateVerdict(world, before, call);
      // Another layer may refuse for sure what rests on a condition here.
      return layer === 'kernel'
        ? hops.every(hop => hop.layer !== layer || hop.verdict !== CONDITIONAL)
        : verdict !== CONDITIONAL;
    });
  const witnesses = withWitnesses
    ? witnessesOf(before, result).filter(({ calls: ways, layer }) =>
        ways.every(call => isSure(call, layer)),
      )
    : [];
  return { before, after, result, calls, witnesses };
}

/** One policy is removed, or comes from another world with the same ends. */
function changeOf(seed: number): Change | undefined {
  const before = withControllers(
    withMoreEnds(randomWorld(seed), new Random(seed + 5_000_011)),
  );
  if (before.policies.length === 0) return undefined;
  const random = new Random(seed + 77);
  const at = random.below(before.policies.length);
  const others = randomWorld(seed + 500_000).policies.filter(
    ({ kind }) => kind === before.policies[at].kind,
  );
  const policies = before.policies.flatMap((policy, index) => {
    if (index !== at) return [policy];
    return random.chance(0.4) || others.length === 0
      ? []
      : [{ ...random.one(others), metadata: policy.metadata }];
  });
  const after = { ...before, policies };
  return changeBetween(before, after, randomCalls(before, seed, CALLS));
}

/** Does the difference say anything about the ends of a call, at whatever layer? */
function speaksOf(result: DiffResult, world: World, call: WorldCall): boolean {
  const to = idOf(world.workloads[call.to]);
  const isFrom = (end: Endpoint) =>
    typeof call.from === 'string'
      ? typeof end !== 'string' &&
        end.cidrs.some(cidr => cidrHas(cidr, String(call.from)))
      : end === idOf(world.workloads[call.from]);
  return [
    ...result.gained,
    ...result.lost,
    ...result.changed,
    ...result.layers,
  ].some(each => each.to === to && isFrom(each.from));
}

/** Does the answer, as a whole or at one of the layers, rest on a condition? */
function restsOnCondition(world: World, call: WorldCall): boolean {
  const { verdict, hops } = callgateVerdict(policyWorldOf(world), world, call);
  return [verdict, ...hops.map(hop => hop.verdict)].includes(CONDITIONAL);
}

/**
 * `diff` compares what a pair may do on any way. Behind a waypoint, where the
 * Service's way rests on a condition and the pod's own address is open, or the
 * other way round, it is possible before and after (docs/semantics.md, "Ways to
 * a provider").
 */
function isOneWayOfSeveral(
  before: World,
  after: World,
  call: WorldCall,
): boolean {
  return (
    routeOf(before, { ...call, via: 'service' }).some(
      ({ service }) => service,
    ) && [before, after].some(world => restsOnCondition(world, call))
  );
}

/**
 * Where policies select some pods of a workload, a call to it may rest on a condition before and after: `diff` compares
 * what is possible and what is sure of all pods, and one of them may be answered otherwise.
 */
function isOfSomePods(before: World, after: World, call: WorldCall): boolean {
  return [before, after].every(
    world =>
      world.policies.some(selectsSomePods) && restsOnCondition(world, call),
  );
}

/**
 * Two worlds that differ in one policy: where the engines answer a call
 * otherwise, `diff` says something about its ends, and every call by which
 * `diff` shows a difference is one to the engines, at the layer that it names.
 */
export const meaning: Suite<Change> = {
  name: 'meaning',

  make: changeOf,

  questions: ({ before, after, calls, witnesses }) => {
    const asked = [...calls, ...witnesses.flatMap(each => each.calls)];
    return [
      { world: before, calls: asked },
      { world: after, calls: asked },
    ];
  },

  compare(change, [was, is], report) {
    const { before, after, result, calls, witnesses } = change;
    const { notes, coverage } = report;
    calls.forEach((call, at) => {
      report.judged += 2;
      coverage.add(after, call, is[at].allowed, 'sure');
      const other = LAYERS.filter(layer => was[at][layer] !== is[at][layer]);
      for (const layer of other)
        notes.note(`calls answered otherwise: ${layer}`);
      if (other.length > 0 && !speaksOf(result, before, call)) {
        if (isOneWayOfSeveral(before, after, call)) {
          notes.note('one of several ways, by a condition');
          return;
        }
        if (isOfSomePods(before, after, call)) {
          notes.note('one of several pods, by a condition');
          return;
        }
        report.differs({
          world: after,
          call,
          text: `the engines answer otherwise (${other.join(
            ', ',
          )}) and diff is silent: ${JSON.stringify([was[at], is[at]])}`,
        });
      }
    });
    let next = calls.length;
    for (const { calls: ways, layer } of witnesses) {
      const at = next;
      const own = ways.map((_, index) => [was[at + index], is[at + index]]);
      next += ways.length;
      report.judged += 2 * ways.length;
      notes.note(`witnesses: ${layer}`);
      own.forEach(([, now], index) =>
        coverage.add(after, ways[index], now.allowed, 'sure'),
      );
      if (own.every(([a, b]) => a[layer] === b[layer]))
        report.differs({
          world: after,
          call: ways[0],
          text: `diff shows this call (${layer}), and the engines answer alike: ${JSON.stringify(
            own,
          )}`,
        });
    }
  },

  refused(_, __, { notes }) {
    notes.note('refused by an engine');
  },

  *smaller({ before, after, calls, witnesses }) {
    if (calls.length + witnesses.length > 1) {
      const half = Math.ceil(calls.length / 2);
      if (calls.length > 0 && witnesses.length > 0) {
        yield changeBetween(before, after, calls, false);
        yield changeBetween(before, after, [], true);
      } else if (calls.length > 1) {
        yield changeBetween(before, after, calls.slice(0, half), false);
        yield changeBetween(before, after, calls.slice(half), false);
        return;
      }
    }
    // What did not change is left out of both.
    for (const policy of before.policies.filter(each =>
      after.policies.includes(each),
    )) {
      const without = (world: World): World => ({
        ...world,
        policies: world.policies.filter(each => each !== policy),
      });
      yield changeBetween(
        without(before),
        without(after),
        calls,
        witnesses.length > 0,
      );
    }
  },
};
