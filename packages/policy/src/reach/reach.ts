import { Layer } from '../evaluate/types';
import { Party } from '../evaluate/party';
import { PairBounds, World } from '../evaluate/World';
import { candidates } from './effectiveAccess';
import { byEnds } from './ends';
import { outsideClasses } from './outside';
import { AccessWriter } from './toAccess';
import { restingOn, tooComplexFindings } from './tooComplexFindings';
import { Endpoint, ReachEdge, ReachResult } from './types';

/** @public */
export interface ReachOptions {
  /** What this layer alone would admit. Default: all layers together. */
  layer?: Layer;
  /** Also calls from and to addresses outside. Default: true. */
  outside?: boolean;
}

function ofLayer(bounds: PairBounds, layer: Layer | undefined) {
  return layer ? bounds.layers[layer] : bounds;
}

/**
 * Effective access of a world: all pairs that may call each other, with what
 * they may send, as docs/command-line.md writes it. A pair that is absent has no access
 * at all; entries that are not sure say on which conditions they rest.
 *
 * @public
 */
export function reach(world: World, options: ReachOptions = {}): ReachResult {
  const { layer } = options;
  const writer = new AccessWriter(world);
  const edges: ReachEdge[] = [];
  const add = (
    from: Endpoint,
    fromParty: Party,
    to: Endpoint,
    toParty: Party,
  ) => {
    const bounds = world.pairBounds(fromParty, toParty);
    const whole = ofLayer(bounds, layer);
    if (whole.possible.isEmpty) return;
    edges.push({
      from,
      to,
      access: writer.write(fromParty, toParty, bounds, whole),
    });
  };
  const names = world.partyNames;
  for (const [to, party] of names) {
    const callers =
      layer === undefined || layer === 'kernel'
        ? candidates(world, party)
        : [...names].filter(
            ([, from]) =>
              from.workload !== party.workload ||
              party.workload.replicas === 'many',
          );
    for (const [from, fromParty] of callers) add(from, fromParty, to, party);
  }
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
      for (const [name, each] of names) {
        add({ cidrs }, party, name, each);
        add(name, each, { cidrs }, party);
      }
    }
  }
  return {
    schemaVersion: 1,
    workloads: names.map(([name]) => name),
    edges: edges.sort(byEnds),
    findings: [
      ...world.findings,
      ...tooComplexFindings(edges.map(edge => restingOn(edge, edge.access))),
    ],
    guesses: [...world.guesses],
  };
}
