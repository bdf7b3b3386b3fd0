import { compile, Compilation, loadManifests } from '@callgate/policy';
import { clusterOf } from '../verdict/callgate';
import { EngineVerdict, Refused } from '../verdict/EngineVerdicts';
import { apiName, Company, randomCompany } from '../worlds/randomCompany';
import { companyCalls, expectationOf } from '../worlds/companyCalls';
import { Manifest, World, WorldCall } from '../worlds/types';
import { SuiteContext } from './SuiteContext';
import { Difference, SuiteResult, Tally } from './types';

const BATCH = 20;

/** One company with what was generated for it. */
interface Generated {
  company: Company;
  compilation: Compilation;
  /** The world with the generated objects, and nothing by hand. */
  world: World;
  calls: WorldCall[];
}

function generate(seed: number): Generated {
  const company = randomCompany(seed);
  const { world, policies, catalog } = company;
  const compilation = compile({
    policies,
    catalog,
    clusters: [clusterOf(world)],
  });
  const { objects, findings } = loadManifests(
    compilation.files.map(({ path, text }) => ({ path, text })),
  );
  if (findings.length > 0) throw new Error(findings[0].message);
  return {
    company,
    compilation,
    world: {
      ...world,
      policies: objects.map(({ object }) => object as unknown as Manifest),
    },
    calls: companyCalls(company, seed),
  };
}

/**
 * Random companies: what is declared is compiled and given to the engines.
 * Every granted call has to pass, and every other call to a workload with a
 * declaration has to fail at a layer that the plan claims. APIs that Callgate
 * refuses are counted, so that refusing everything cannot pass.
 */
export async function generation(
  { engines, coverage, progress, first }: SuiteContext,
  seed: number,
  calls: number,
): Promise<SuiteResult> {
  const notes = new Tally();
  const differences: Difference[] = [];
  let [worlds, judged, granted] = [0, 0, 0];

  const compare = (each: Generated, answers: EngineVerdict[] | Refused) => {
    const { company, compilation, world } = each;
    if ('refused' in answers) {
      // What we generate has to be taken by every engine.
      const text = `an engine refuses what is generated: ${answers.refused}`;
      differences.push({ world, text });
      return;
    }
    worlds += 1;
    const failed = new Set(compilation.failedApis.map(({ api }) => api));
    const { declared } = company;
    for (const { provider, kind } of declared) {
      const api = `api:default/${apiName(world.workloads[provider], kind)}`;
      notes.note(failed.has(api) ? 'APIs refused' : 'APIs generated');
    }
    for (const { code } of compilation.findings.filter(
      ({ severity }) => severity === 'error',
    ))
      notes.note(`finding ${code}`);
    each.calls.forEach((call, index) => {
      const expected = expectationOf(company, compilation, call);
      const answer = answers[index];
      if (expected === 'either') {
        notes.note('calls about which the plan claims nothing');
        return;
      }
      judged += 1;
      if (expected === 'allow') granted += 1;
      coverage.add(world, call, answer.allowed, expected);
      if ((expected === 'allow') !== answer.allowed)
        differences.push({
          world,
          call,
          text: `declared is ${expected}, the engines say ${JSON.stringify(
            answer,
          )}`,
        });
    });
  };

  for (
    let next = seed;
    judged < calls && !(first && differences.length > 0);
    next += BATCH
  ) {
    const generated = Array.from({ length: BATCH }, (_, index) =>
      generate(next + index),
    );
    const answers = await engines.of(generated);
    generated.forEach((each, index) => compare(each, answers[index]));
    for (const { world } of generated) {
      notes.note('objects validated', world.policies.length);
      for (const problem of await engines.problemsOf(world.policies))
        differences.push({ world, text: `refused when validated: ${problem}` });
    }
    if (granted === 0 && next - seed >= 1000)
      throw new Error(
        `generation: of ${
          next - seed
        } companies nothing was generated that could be asked about`,
      );
    progress('generation', judged, calls);
  }
  notes.note('granted calls', granted);
  if (granted * 50 < judged)
    throw new Error(
      `generation: of ${judged} calls only ${granted} are granted: nearly everything is refused`,
    );
  return { name: 'generation', worlds, calls: judged, differences, notes };
}
