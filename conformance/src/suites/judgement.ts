import { callgateVerdict, policyWorldOf } from '../verdict/callgate';
import { decidersAgree } from '../verdict/deciders';
import { layersAgree, refusals } from '../verdict/layers';
import { Reachable } from '../verdict/Reachable';
import { sureWhereTouched, touchOf } from '../verdict/touchOf';
import { withControllers } from '../worlds/controllers';
import { withForeign } from '../worlds/foreign';
import { Random } from '../worlds/Random';
import { randomCalls } from '../worlds/randomCalls';
import { randomWorld } from '../worlds/randomWorld';
import { withMoreEnds } from '../worlds/richerWorld';
import { smallerWorlds } from '../worlds/smaller';
import { Question, Suite } from './types';

const TOUCHED = 'calls that a policy of others may touch';
const BESIDE = 'calls beside policies of others that cannot touch them';
const IN_DOUBT = 'of which Callgate answers with the condition that they may';
const OTHERS = 'unmodelled-policy';
/** Of calls that no policy of others can touch so few may be in doubt. */
const MOST_IN_DOUBT = 0.01;

/**
 * Hand-written-like manifests at random: what `evaluate` says, as a whole, layer
 * by layer and with the rules that decide, and what `reach` has in its sets,
 * against the engines. `allow` and `deny` have to be theirs; conditions are
 * counted, and have to be rare for the suite to say anything. What policies of
 * others may touch is not asked of engines, which do not know them: it may not be
 * sure, and what they cannot touch has to be.
 */
export const judgement: Suite<Question> = {
  name: 'judgement',

  make(seed) {
    const random = new Random(seed + 5_000_011);
    const world = withForeign(
      withControllers(withMoreEnds(randomWorld(seed), random)),
      random,
    );
    return { world, calls: randomCalls(world, seed, 60) };
  },

  questions: made => [made],

  compare({ world, calls }, [answers], report) {
    const policyWorld = policyWorldOf(world);
    const reachable = new Reachable(policyWorld, world);
    calls.forEach((call, index) => {
      const answer = answers[index];
      const verdict = callgateVerdict(policyWorld, world, call);
      const touch = touchOf(world, call);
      if (touch === 'yes') {
        report.notes.note(TOUCHED);
        const sure = sureWhereTouched(world, call, verdict);
        if (sure !== undefined)
          report.differs({
            world,
            call,
            text: `a policy of others may touch it, and ${sure}`,
          });
        return;
      }
      if (world.foreign && touch === 'no') {
        report.notes.note(BESIDE);
        if (verdict.conditions.some(({ kind }) => kind === OTHERS))
          report.notes.note(IN_DOUBT);
      }
      report.judged += 1;
      report.coverage.add(world, call, answer.allowed, verdict.verdict);
      if (verdict.verdict === 'conditional') {
        for (const { kind } of verdict.conditions)
          report.notes.note(`condition ${kind}`);
      } else if ((verdict.verdict === 'allow') !== answer.allowed) {
        report.differs({
          world,
          call,
          text: `evaluate says ${verdict.verdict}${refusals(
            verdict,
          )}, the engines ${JSON.stringify(answer)}`,
        });
        return;
      }
      const problem =
        layersAgree(verdict, answer) ??
        decidersAgree(world, call, verdict, answer, report.notes) ??
        reachable.agrees(call, answer.allowed);
      if (problem !== undefined) report.differs({ world, call, text: problem });
    });
  },

  refused({ world }, reason, report) {
    report.notes.note('refused by an engine');
    report.coverage.addRefused(shorten(reason));
    const isSaid = policyWorldOf(world).findings.some(
      ({ severity }) => severity === 'error',
    );
    if (!isSaid)
      report.differs({
        world,
        text: `an engine refuses an object that Callgate takes: ${reason}`,
      });
  },

  // What is not touched has to stay sure, or reading no selector at all would do.
  concludes({ notes }) {
    const [all, doubtful] = [BESIDE, IN_DOUBT].map(
      what => notes.get(what) ?? 0,
    );
    return doubtful > all * MOST_IN_DOUBT
      ? [`sure answers: of ${all} ${BESIDE}, ${doubtful} ${IN_DOUBT}`]
      : [];
  },

  smaller: smallerWorlds,
};

/** Without the names of objects, so that the same reasons are counted as one. */
function shorten(reason: string): string {
  return reason
    .replace(/[a-z-]+\/[a-z]+-[0-9]+|[a-z]+-[0-9]+(\.[a-z-]+)?/g, '…')
    .slice(0, 100);
}
