import { Coverage } from '../Coverage';
import { submissionsOf } from '../engines/submissionsOf';
import { worldSeed } from '../worlds/worldSeed';
import { minimal } from './minimal';
import { Limit, SuiteContext } from './SuiteContext';
import { Difference, Report, Suite, SuiteResult } from './types';

/** So many are asked about at once. */
const BATCH = 20;
/** Nobody reads more: it ends here. */
const ENOUGH = 50;
/** So many are made small and shown. */
const SHOWN = 3;

/** What can be made of the worlds of a run from one on: as many as are asked at once. */
function batchFrom<M>(
  suite: Suite<M>,
  seed: number,
  from: number,
): { made: M[]; next: number } {
  const made: M[] = [];
  let next = from;
  for (; made.length < (suite.batch ?? BATCH); next += 1) {
    const each = suite.make(worldSeed(seed, next));
    if (each !== undefined) made.push(each);
  }
  return { made, next };
}

/** Asks the engines about everything of one batch, and compares. Gives what differs. */
async function compareAll<M>(
  suite: Suite<M>,
  { engines, apiServer }: Pick<SuiteContext, 'engines' | 'apiServer'>,
  batch: readonly M[],
  report: Report,
): Promise<{ worlds: number; different: M[] }> {
  const asked = batch.map(made => suite.questions(made));
  const answers = await engines.of(asked.flat());
  const known = apiServer.asked;
  const notTaken = await Promise.all(
    batch.map(made =>
      apiServer.problemsOf(submissionsOf(suite.files?.(made) ?? [])),
    ),
  );
  if (apiServer.asked > known)
    report.notes.note(
      'different objects that the API server was asked about',
      apiServer.asked - known,
    );
  const different: M[] = [];
  let [at, worlds] = [0, 0];
  for (const [index, made] of batch.entries()) {
    const before = report.differences.length;
    const own = answers.slice(at, at + asked[index].length);
    at += asked[index].length;
    const given = own.flatMap(each => ('refused' in each ? [] : [each]));
    const refused = own.find(each => 'refused' in each);
    if (refused && 'refused' in refused) {
      suite.refused(made, refused.refused, report);
    } else {
      worlds += own.length;
      suite.compare(made, given, report);
    }
    const objects = suite.generated?.(made) ?? [];
    if (objects.length > 0) {
      report.notes.note('objects validated', objects.length);
      for (const problem of [
        ...(await engines.problemsOf(objects)),
        ...notTaken[index],
      ])
        report.differs({
          world: asked[index][0].world,
          text: `refused when validated: ${problem}`,
        });
    }
    if (report.differences.length > before) different.push(made);
  }
  return { worlds, different };
}

/** The difference again, with everything left out that it does not need. */
async function shrunk<M>(
  suite: Suite<M>,
  context: SuiteContext,
  made: M,
): Promise<Difference> {
  const differencesOf = async (candidate: M) => {
    const report = new Report(new Coverage());
    await compareAll(suite, context, [candidate], report);
    return report.differences;
  };
  const least = await minimal(
    made,
    value => suite.smaller(value),
    async candidate => (await differencesOf(candidate)).length > 0,
  );
  const [difference] = await differencesOf(least);
  return difference;
}

/** Runs a suite from a seed to its limit; what differs is made small. */
export async function runSuite<M>(
  suite: Suite<M>,
  context: SuiteContext,
  seed: number,
  limit: Limit,
): Promise<SuiteResult> {
  const report = new Report(context.coverage);
  const different: M[] = [];
  const begun = Date.now();
  const goesOn = () => {
    const found = report.differences.length;
    if (found >= ENOUGH || (context.first && found > 0)) return false;
    return 'calls' in limit
      ? report.judged < limit.calls
      : Date.now() - begun < limit.minutes * 60_000;
  };
  let [worlds, next] = [0, 0];
  while (goesOn()) {
    const batch = batchFrom(suite, seed, next);
    next = batch.next;
    const found = await compareAll(suite, context, batch.made, report);
    worlds += found.worlds;
    different.push(...found.different);
    context.progress(
      suite.name,
      report.judged,
      'calls' in limit ? `${limit.calls}` : `${limit.minutes} minutes`,
    );
  }
  const { notes, judged, differences } = report;
  const tooLittle =
    different.length === 0 ? suite.concludes?.(report) ?? [] : [];
  const small: Difference[] = [];
  if (context.shrink)
    for (const made of different.slice(0, SHOWN))
      small.push(await shrunk(suite, context, made));
  return {
    name: suite.name,
    worlds,
    calls: judged,
    differences: [...small, ...differences.slice(small.length)],
    tooLittle,
    skipped: suite.skipped,
    notes,
  };
}
