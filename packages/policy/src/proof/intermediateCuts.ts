import type { Cluster } from '../estate/types';
import { clustersOf, clustersWith, filesOf } from '../meaning/worldOf';
import type { RenderedFile } from '../render/types';
import type { Steps } from '../steps';
import { Differences } from '../verify/Differences';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import { Scope } from '../verify/Scope';
import type { Isolation } from '../plan/types';
import type { AccessDifference } from '../verify/types';
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
    for (const step of steps.slice(0, -1)) {
      cuts.push(...(yield* cutsAfter(input, step, earlier, after)));
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

/** Workloads that either plan closes. */
function closed(
  input: ProofInput,
  cluster: Cluster,
  direction: Isolation['direction'],
): Set<string> {
  return new Set(
    [input.before, input.after]
      .flatMap(({ compilation }) => compilation.plan.isolations)
      .filter(
        each => each.cluster === cluster.name && each.direction === direction,
      )
      .map(({ workload }) => workload.id),
  );
}

function* cutsAfter(
  input: ProofInput,
  step: Step,
  before: Cluster,
  after: Cluster,
): Steps<IntermediateCut[]> {
  const estate = input.after.clusters.filter(({ name }) => name === after.name);
  const [cluster] = clustersWith(estate, step.files);
  const [was, is, between] = [before, after, cluster].map(
    EffectiveAccessIndex.settled,
  );
  const differences = new Differences({
    cluster,
    plan: input.after.compilation.plan,
    effective: between,
    several: input.after.clusters.length > 1,
  });
  const pairs = yield* Scope.touched(between.touchedSince(is)).pairs(
    is,
    closed(input, after, 'ingress'),
    closed(input, after, 'egress'),
  );
  const cuts: IntermediateCut[] = [];
  for (const pair of pairs) {
    yield;
    const found = differences.decided<AccessDifference[]>(
      pair,
      () => {
        const kept = pair.sure.intersect(was.like(pair).sure);
        const cut = kept.subtract(between.like(pair).sure);
        const sure = { ...pair, sure: kept, possible: kept };
        return cut.isEmpty ? [] : [differences.of(sure, cut, 'missing')];
      },
      undecided => [undecided],
    );
    for (const difference of found) cuts.push({ after: step.path, difference });
  }
  return cuts;
}
