import { compile, Compilation, harden, loadManifests } from '@callgate/policy';
import { clusterOf } from '../verdict/callgate';
import { apiName, Company, randomCompany } from '../worlds/randomCompany';
import { companyCalls, expectationOf } from '../worlds/companyCalls';
import { Manifest, World, WorldCall } from '../worlds/types';
import { smallerCompanies } from '../worlds/smallerCompanies';
import { Report, Suite } from './types';

/** One company with what was generated for it. */
export interface Generated {
  company: Company;
  compilation: Compilation;
  /** The world with the generated objects, and nothing by hand. */
  world: World;
  calls: readonly WorldCall[];
}

/** The objects of generated files, read as anybody would. */
export function objectsOf(
  files: readonly { path: string; text: string }[],
): Manifest[] {
  const { objects, findings } = loadManifests(
    files.map(({ path, text }) => ({ path, text })),
  );
  if (findings.length > 0) throw new Error(findings[0].message);
  return objects.map(({ object }) => object as unknown as Manifest);
}

export function compilationOf({ world, policies, catalog }: Company) {
  return compile({ policies, catalog, clusters: [clusterOf(world)] });
}

/** Admission policies for the plan, as they are where the platform team is known. */
function hardeningOf({ company, compilation }: Generated) {
  const cluster = clusterOf(company.world);
  const platform = { users: ['root@example.com'], groups: ['platform'] };
  const trust = { ...cluster.profile.trust, platform };
  const known = { ...cluster, profile: { ...cluster.profile, trust } };
  return harden(compilation.plan, [known]).files.filter(({ path }) =>
    path.endsWith('.yaml'),
  );
}

function generated(company: Company, calls: readonly WorldCall[]): Generated {
  const compilation = compilationOf(company);
  const policies = objectsOf(compilation.files);
  const world = { ...company.world, policies };
  return { company, compilation, world, calls };
}

/** How much of what is declared was generated, and why not the rest. */
function count(
  { company, compilation }: Generated,
  { notes, acceptance }: Report,
) {
  acceptance.add(company, compilation);
  const failed = new Set(compilation.failedApis.map(({ api }) => api));
  for (const { provider, kind } of company.declared) {
    const name = apiName(company.world.workloads[provider], kind);
    const isFailed = failed.has(`api:default/${name}`);
    notes.note(isFailed ? 'APIs refused' : 'APIs generated');
  }
  for (const { code, severity } of compilation.findings)
    if (severity === 'error') notes.note(`finding ${code}`);
}

const GRANTED = 'granted calls';

/**
 * Random companies: what is declared is compiled and given to the engines.
 * Every granted call has to pass, and every other call to a workload with a
 * declaration has to fail at a layer that the plan claims. APIs that Callgate
 * refuses are counted, and of every kind of grant so much has to be generated
 * as `floors.ts` says, so that refusing more than before cannot pass.
 */
export const generation: Suite<Generated> = {
  name: 'generation',

  make(seed) {
    const company = randomCompany(seed);
    return generated(company, companyCalls(company, seed));
  },

  questions: ({ world, calls }) => [{ world, calls }],

  generated: ({ world }) => world.policies,

  files: made => [...made.compilation.files, ...hardeningOf(made)],

  compare(made, [answers], report) {
    const { company, compilation, world, calls } = made;
    count(made, report);
    calls.forEach((call, index) => {
      const expected = expectationOf(company, compilation, call);
      const answer = answers[index];
      if (expected === 'either') {
        report.notes.note('calls about which the plan claims nothing');
        return;
      }
      report.judged += 1;
      if (expected === 'allow') report.notes.note(GRANTED);
      report.coverage.add(world, call, answer.allowed, expected);
      if ((expected === 'allow') !== answer.allowed)
        report.differs({
          world,
          call,
          text: `declared is ${expected}, the engines say ${JSON.stringify(
            answer,
          )}`,
        });
    });
  },

  // What we generate has to be taken by every engine.
  refused({ world }, reason, report) {
    report.differs({
      world,
      text: `an engine refuses what is generated: ${reason}`,
    });
  },

  *smaller({ company, calls }) {
    for (const less of smallerCompanies(company, calls))
      yield generated(less.company, less.calls);
  },

  concludes({ notes, judged, acceptance }) {
    const granted = notes.get(GRANTED) ?? 0;
    return [
      ...acceptance.tooLittle(),
      ...(granted * 50 < judged
        ? [
            `of ${judged} calls only ${granted} are granted: nearly everything is refused`,
          ]
        : []),
    ];
  },
};
