import { Call, diff, DiffResult, Endpoint } from '@callgate/policy';
import { Coverage } from '../Coverage';
import { policyWorldOf } from '../verdict/callgate';
import { EngineVerdict } from '../verdict/EngineVerdicts';
import { Random } from '../worlds/Random';
import { randomCalls } from '../worlds/randomCalls';
import { randomWorld } from '../worlds/randomWorld';
import { idOf, World, WorldCall } from '../worlds/types';
import { SuiteContext } from './SuiteContext';
import { Difference, SuiteResult, Tally } from './types';

const BATCH = 20;
const CALLS = 40;

/** A world before and after one of its policies changed. */
interface Change {
  before: World;
  after: World;
  result: DiffResult;
  /** Calls at random, then the witnesses of the differences that are sure. */
  calls: WorldCall[];
}

/** One policy is removed, or comes from another world with the same ends. */
function changeOf(seed: number): Change | undefined {
  const before = randomWorld(seed);
  // Where a call has several ways, a difference is about each: the other suites ask about them.
  if (before.waypoints.length > 0 || before.policies.length === 0)
    return undefined;
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
  const result = diff(policyWorldOf(before), policyWorldOf(after));
  const calls = [
    ...randomCalls(before, seed, CALLS),
    ...witnesses(result).flatMap(call => {
      const asked = worldCallOf(before, call);
      return asked ? [asked] : [];
    }),
  ];
  return { before, after, result, calls };
}

/** Calls by which differences are shown that rest on no condition. */
function witnesses({ gained, lost, changed }: DiffResult): Call[] {
  const isSure = ({ certainty }: { certainty: string }) => certainty === 'sure';
  return [
    ...[...gained, ...lost].filter(({ access }) => access.every(isSure)),
    ...changed.filter(each => [...each.gained, ...each.lost].every(isSure)),
  ].map(({ witness }) => witness);
}

/** The call as the engines can be asked about it: at a port that the workload has, from an address that we can call from. */
function worldCallOf(world: World, call: Call): WorldCall | undefined {
  const index = (end: string) =>
    world.workloads.findIndex(each => idOf(each) === end);
  const to = index(call.to);
  const from = index(call.from) < 0 ? call.from : index(call.from);
  const protocol = call.protocol ?? 'TCP';
  if (to < 0 || protocol === 'SCTP') return undefined;
  if (typeof from === 'string' && !from.startsWith('127.')) return undefined;
  const port = world.workloads[to].ports.find(
    ({ number }) => number === call.port,
  );
  if (protocol === 'TCP' && !port) return undefined;
  const path = call.http?.path;
  if (path !== undefined && !/^\/[!-~]*$/.test(path)) return undefined;
  const http = port?.speaks === 'http' && protocol === 'TCP';
  return {
    from,
    to,
    port: call.port,
    protocol,
    via: 'pod',
    ...(http && {
      http: {
        method: call.http?.method ?? 'GET',
        path: path ?? '/',
        host: call.http?.host ?? 'orders.shop',
      },
    }),
  };
}

/** Does the difference say anything about the ends of a call? */
function speaksOf(result: DiffResult, world: World, call: WorldCall): boolean {
  const to = idOf(world.workloads[call.to]);
  const isFrom = (end: Endpoint) =>
    typeof call.from === 'string'
      ? typeof end !== 'string' && end.cidrs.some(cidr => covers(cidr, call))
      : end === idOf(world.workloads[call.from]);
  return [...result.gained, ...result.lost, ...result.changed].some(
    each => each.to === to && isFrom(each.from),
  );
}

function covers(cidr: string, { from }: WorldCall): boolean {
  const number = (text: string) =>
    text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const [base, length] = cidr.split('/');
  if (base.includes(':')) return false;
  const size = 2 ** (32 - Number(length));
  const own = number(String(from));
  return Math.floor(own / size) === Math.floor(number(base) / size);
}

function compare(
  { before, after, result, calls }: Change,
  was: readonly EngineVerdict[],
  is: readonly EngineVerdict[],
  coverage: Coverage,
  notes: Tally,
): Difference[] {
  return calls.flatMap((call, at) => {
    const isOther = was[at].allowed !== is[at].allowed;
    const isWitness = at >= CALLS;
    coverage.add(after, call, is[at].allowed, 'sure');
    if (isWitness) notes.note('witnesses');
    if (isOther) notes.note('calls answered otherwise');
    const about = (text: string): Difference[] => [
      { world: after, call, text },
    ];
    if (isWitness && !isOther)
      return about(
        `diff shows this call, and the engines answer both times ${is[at].allowed}`,
      );
    return isOther && !speaksOf(result, before, call)
      ? about(
          `the engines answer ${was[at].allowed}, then ${is[at].allowed}, and diff is silent`,
        )
      : [];
  });
}

/**
 * Two worlds that differ in one policy: where the engines answer a call
 * otherwise, `diff` says something about its ends, and every call by which
 * `diff` shows a difference is one to the engines.
 */
export async function meaning(
  { engines, coverage, progress, first }: SuiteContext,
  seed: number,
  calls: number,
): Promise<SuiteResult> {
  const notes = new Tally();
  const differences: Difference[] = [];
  let [worlds, judged, next] = [0, 0, seed];

  while (judged < calls && !(first && differences.length > 0)) {
    const changes: Change[] = [];
    for (; changes.length < BATCH; next += 1) {
      const change = changeOf(next);
      if (change) changes.push(change);
    }
    const answers = await engines.of(
      changes.flatMap(({ before, after, calls: asked }) => [
        { world: before, calls: asked },
        { world: after, calls: asked },
      ]),
    );
    for (const [index, change] of changes.entries()) {
      const [was, is] = [answers[2 * index], answers[2 * index + 1]];
      if ('refused' in was || 'refused' in is) {
        notes.note('refused by an engine');
      } else {
        worlds += 2;
        judged += 2 * change.calls.length;
        differences.push(...compare(change, was, is, coverage, notes));
      }
    }
    progress('meaning', judged, calls);
  }
  return { name: 'meaning', worlds, calls: judged, differences, notes };
}
