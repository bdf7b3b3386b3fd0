import type { Cluster } from '../estate/types';
import { clustersOf, clustersWith, filesOf } from '../meaning/worldOf';
import type { RenderedFile } from '../render/types';
import type { Steps } from '../steps';
import { Differences } from '../verify/Differences';
import {
  EffectiveAccessIndex,
  type EffectivePair,
} from '../verify/EffectiveAccessIndex';
import type { IntermediateCut, ProofInput } from './types';

/** What is applied in one step: a file that is added or changed, or removed. */
interface Step {
  path: string;
  cluster: string;
  files: RenderedFile[];
}

/**
 * Plays the application of the files, one by one in their order, removals last,
 * and looks after each step for access that exists before and after, but not in
 * between.
 */
export function* findIntermediateCuts(
  input: ProofInput,
): Steps<IntermediateCut[]> {
  const cuts: IntermediateCut[] = [];
  const before = new Map(
    clustersOf(input.before).map(cluster => [cluster.name, cluster]),
  );
  for (const after of clustersOf(input.after)) {
    const earlier = before.get(after.name);
    const steps = stepsOf(input, after.name);
    // Nothing lies in between when everything happens in one step.
    if (!earlier || steps.length < 2) {
      continue;
    }
    const kept = yield* keptPairs(input, earlier, after);
    for (const step of steps.slice(0, -1)) {
      cuts.push(...(yield* cutsAfter(input, step, after, kept)));
    }
  }
  return cuts;
}

function stepsOf(input: ProofInput, cluster: string): Step[] {
  const here = (files: readonly RenderedFile[]) =>
    files.filter(file => file.cluster === cluster);
  const old = new Map(
    here(filesOf(input.before)).map(file => [file.path, file]),
  );
  const target = here(filesOf(input.after));
  const written = target
    .filter(file => old.get(file.path)?.text !== file.text)
    .sort((a, b) => a.order - b.order || (a.path < b.path ? -1 : 1));
  const paths = new Set(target.map(({ path }) => path));
  const removed = [...old.keys()].filter(path => !paths.has(path)).sort();

  const steps: Step[] = [];
  const current = new Map(old);
  for (const file of written) {
    current.set(file.path, file);
    steps.push({ path: file.path, cluster, files: [...current.values()] });
  }
  for (const path of removed) {
    current.delete(path);
    steps.push({ path, cluster, files: [...current.values()] });
  }
  return steps;
}

/** Pairs with the access that they have both before and after. */
function* keptPairs(
  input: ProofInput,
  before: Cluster,
  after: Cluster,
): Steps<EffectivePair[]> {
  const was = EffectiveAccessIndex.of(before);
  const all: EffectivePair[] = [];
  for (const pair of yield* touched(input, after)) {
    yield;
    const kept = pair.sure.intersect(was.like(pair).sure);
    if (!kept.isEmpty) {
      all.push({ ...pair, sure: kept, possible: kept });
    }
  }
  return all;
}

function* touched(input: ProofInput, after: Cluster): Steps<EffectivePair[]> {
  const index = EffectiveAccessIndex.of(after);
  const ids = { ingress: new Set<string>(), egress: new Set<string>() };
  for (const { compilation } of [input.before, input.after]) {
    for (const each of compilation.plan.isolations) {
      if (each.cluster === after.name) {
        ids[each.direction].add(each.workload.id);
      }
    }
  }
  const pairs: EffectivePair[] = [];
  for (const id of [...ids.ingress].sort()) {
    yield;
    pairs.push(...index.into(id));
  }
  for (const id of [...ids.egress].sort()) {
    yield;
    pairs.push(...index.outOf(id));
  }
  return pairs;
}

function* cutsAfter(
  input: ProofInput,
  step: Step,
  after: Cluster,
  kept: readonly EffectivePair[],
): Steps<IntermediateCut[]> {
  const estate = input.after.clusters.filter(({ name }) => name === after.name);
  const [cluster] = clustersWith(estate, step.files);
  const effective = EffectiveAccessIndex.of(cluster);
  const differences = new Differences({
    cluster,
    plan: input.after.compilation.plan,
    effective,
    several: input.after.clusters.length > 1,
  });
  const cuts: IntermediateCut[] = [];
  for (const pair of kept) {
    yield;
    const cut = pair.sure.subtract(effective.like(pair).sure);
    if (!cut.isEmpty) {
      const difference = differences.of(pair, cut, 'missing');
      cuts.push({ after: step.path, difference });
    }
  }
  return cuts;
}
