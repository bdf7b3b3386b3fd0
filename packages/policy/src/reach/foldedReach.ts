import { Party, WorkloadParty } from '../evaluate/party';
import { Layer } from '../evaluate/types';
import { PairBounds, World } from '../evaluate/World';
import { CallerKinds } from './callerKinds';
import { candidates } from './effectiveAccess';
import { endText } from './ends';
import { EdgeFolder } from './EdgeFolder';
import { outsideClasses } from './outside';
import { ReachOptions } from './reach';
import { AccessWriter } from './toAccess';
import {
  RestingPair,
  restingOn,
  tooComplexFindings,
} from './tooComplexFindings';
import { Access, Endpoint, FoldedEdge, FoldedEnd, FoldedReach } from './types';

/** @public */
export interface FoldedReachOptions extends ReachOptions {
  /** Fewer workloads than this are written one by one. Default: 100. */
  fewest?: number;
}

const FEWEST = 100;

function foldedText(end: FoldedEnd): string {
  if (typeof end === 'string' || 'cidrs' in end) return endText(end);
  // Before every workload.
  return `!${end.set}`;
}

function byFoldedEnds(a: FoldedEdge, b: FoldedEdge): number {
  const [left, right] = [a, b].map(
    ({ from, to }) => `${foldedText(from)}\u0000${foldedText(to)}`,
  );
  return left < right ? -1 : Number(left > right);
}

function ofLayer(bounds: PairBounds, layer: Layer | undefined) {
  return layer ? bounds.layers[layer] : bounds;
}

/**
 * The same as {@link reach}, written for estates of any size: where a hundred
 * or more workloads have the same access to a provider, or from a caller, one
 * edge stands for all of them. No list of all pairs is ever made.
 *
 * @public
 */
export function foldedReach(
  world: World,
  options: FoldedReachOptions = {},
): FoldedReach {
  const { layer } = options;
  const writer = new AccessWriter(world);
  const kinds = new CallerKinds(world);
  const names = world.partyNames;
  const indexOf = new Map(names.map(([name], index) => [name, index]));
  const folder = new EdgeFolder(
    names.map(([name]) => name),
    options.fewest ?? FEWEST,
  );
  const resting: RestingPair[] = [];
  const accessOf = (
    from: Endpoint,
    fromParty: Party,
    to: Endpoint,
    toParty: Party,
  ): Access[] | undefined => {
    const bounds = world.pairBounds(fromParty, toParty);
    const whole = ofLayer(bounds, layer);
    if (whole.possible.isEmpty) return undefined;
    const access = writer.write(fromParty, toParty, bounds, whole);
    if (bounds.conditions.some(({ kind }) => kind === 'too-complex'))
      resting.push(restingOn({ from, to }, access));
    return access;
  };
  const callersOf = (
    party: WorkloadParty,
  ): Iterable<readonly [string, WorkloadParty]> =>
    layer === undefined || layer === 'kernel'
      ? candidates(world, party)
      : names.filter(
          ([, from]) =>
            from.workload !== party.workload ||
            party.workload.replicas === 'many',
        );
  names.forEach(([to, party], at) => {
    const kindOf = kinds.towards(party);
    const known = new Map<string, Access[] | undefined>();
    for (const [from, fromParty] of callersOf(party)) {
      const index = indexOf.get(from) ?? -1;
      const kind = fromParty === party ? undefined : kindOf?.(fromParty);
      if (kind !== undefined && known.has(kind)) {
        folder.add(index, known.get(kind));
        continue;
      }
      const access = accessOf(from, fromParty, to, party);
      folder.add(index, access);
      // What names the caller is about this one alone.
      const text = JSON.stringify(access ?? []);
      if (
        kind !== undefined &&
        !text.includes(from) &&
        !text.includes('"too-complex"')
      )
        known.set(kind, access);
    }
    folder.endProvider(at, party.workload.replicas === 'one');
  });
  if (options.outside ?? true) {
    const signature = (party: Party) =>
      names
        .map(([, each]) => {
          const inward = ofLayer(world.pairBounds(party, each), layer);
          const outward = ofLayer(world.pairBounds(each, party), layer);
          return `${inward.sure.id},${inward.possible.id},${outward.sure.id},${outward.possible.id}`;
        })
        .join(' ');
    for (const { party, cidrs } of outsideClasses([world], signature)) {
      const end = { cidrs };
      const access = (inward: boolean) =>
        names.map(([name, each]) =>
          inward
            ? accessOf(end, party, name, each)
            : accessOf(name, each, end, party),
        );
      folder.addOutside(end, access(true), access(false));
    }
  }
  const { edges, sets } = folder.finish();
  return {
    schemaVersion: 2,
    workloads: names.map(([name]) => name),
    sets,
    edges: edges.sort(byFoldedEnds),
    findings: [...world.findings, ...tooComplexFindings(resting)],
    guesses: [...world.guesses],
  };
}
