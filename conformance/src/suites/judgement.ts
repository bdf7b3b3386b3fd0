import { callgateVerdict, policyWorldOf } from '../verdict/callgate';
import { EngineVerdict } from '../verdict/EngineVerdicts';
import { randomCalls } from '../worlds/randomCalls';
import { randomWorld } from '../worlds/randomWorld';
import { World, WorldCall } from '../worlds/types';
import { SuiteContext } from './SuiteContext';
import { Difference, SuiteResult, Tally } from './types';

const BATCH = 20;

/**
 * Hand-written-like manifests at random: what `evaluate` says, against the
 * engines. `allow` and `deny` have to be theirs; conditions are counted, and
 * have to be rare for the suite to say anything.
 */
export async function judgement(
  { engines, coverage, progress, first }: SuiteContext,
  seed: number,
  calls: number,
): Promise<SuiteResult> {
  const notes = new Tally();
  const differences: Difference[] = [];
  let [worlds, judged] = [0, 0];

  const compare = (
    world: World,
    asked: readonly WorldCall[],
    answers: readonly EngineVerdict[],
  ) => {
    const policyWorld = policyWorldOf(world);
    asked.forEach((call, index) => {
      const answer = answers[index];
      const { verdict, conditions } = callgateVerdict(policyWorld, world, call);
      coverage.add(world, call, answer.allowed, verdict);
      if (verdict === 'conditional') {
        for (const { kind } of conditions) notes.note(`condition ${kind}`);
      } else if ((verdict === 'allow') !== answer.allowed) {
        differences.push({
          world,
          call,
          text: `evaluate says ${verdict}, the engines ${JSON.stringify(
            answer,
          )}`,
        });
      }
    });
    worlds += 1;
    judged += asked.length;
  };

  for (
    let next = seed;
    judged < calls && !(first && differences.length > 0);
    next += BATCH
  ) {
    const questions = Array.from({ length: BATCH }, (_, index) => {
      const world = randomWorld(next + index);
      return { world, calls: randomCalls(world, next + index, 60) };
    });
    const answers = await engines.of(questions);
    questions.forEach(({ world, calls: asked }, index) => {
      const answer = answers[index];
      if ('refused' in answer)
        notes.note(`refused: ${shorten(answer.refused)}`);
      else compare(world, asked, answer);
    });
    progress('judgement', judged, calls);
  }
  return { name: 'judgement', worlds, calls: judged, differences, notes };
}

/** Without the names of objects, so that the same reasons are counted as one. */
function shorten(reason: string): string {
  return reason
    .replace(/[a-z-]+\/[a-z]+-[0-9]+|[a-z]+-[0-9]+(\.[a-z-]+)?/g, '…')
    .slice(0, 120);
}
