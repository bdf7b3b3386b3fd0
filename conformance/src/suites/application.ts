import { Compilation, prove } from '@callgate/policy';
import { clusterOf } from '../verdict/callgate';
import { companyCalls } from '../worlds/companyCalls';
import { Random } from '../worlds/Random';
import {
  ApiKind,
  apiName,
  Company,
  companyWith,
  kindOf,
  randomCompany,
} from '../worlds/randomCompany';
import { Manifest, World, WorldCall } from '../worlds/types';
import { compilationOf, objectsOf } from './generation';
import { Suite } from './types';

type File = Compilation['files'][number];

/** A change of declarations with every state while its files are applied. */
interface Application {
  /** Before, after each file, and after all of them. */
  states: readonly World[];
  /** What the proof of the proposal says about the states in between. */
  isProved: boolean;
  calls: readonly WorldCall[];
}

/** The company without what cannot be generated: its files would stay as they are. */
function generable(company: Company): Company {
  const failed = new Set(
    compilationOf(company).failedApis.map(({ api }) => api),
  );
  if (failed.size === 0) return company;
  const isKept = (provider: number, kind: ApiKind) =>
    !failed.has(
      `api:default/${apiName(company.world.workloads[provider], kind)}`,
    );
  return generable(
    companyWith(company, {
      declared: company.declared.filter(({ provider, kind }) =>
        isKept(provider, kind),
      ),
      grants: company.grants.filter(({ provider, access }) =>
        isKept(provider, kindOf(access)),
      ),
    }),
  );
}

/** Some of what is declared, and some of the grants of that. */
function partOf(company: Company, random: Random, left: number): Company {
  const declared = company.declared.filter(() => !random.chance(left));
  const grants = company.grants.filter(
    ({ provider, access }) =>
      !random.chance(left) &&
      declared.some(
        each => each.provider === provider && each.kind === kindOf(access),
      ),
  );
  return companyWith(company, { declared, grants });
}

/** What a cluster has: an object that two files hold is the one that was applied last. */
function inCluster(files: Iterable<File>): Manifest[] {
  const objects = new Map(
    [...files].flatMap(file =>
      objectsOf([file]).map(object => {
        const { kind, metadata } = object;
        return [`${kind} ${metadata.namespace}/${metadata.name}`, object];
      }),
    ),
  );
  return [...objects.values()];
}

/** The objects after each step: what is new or changed in its order, then what goes. */
function steps(before: readonly File[], after: readonly File[]): Manifest[][] {
  const current = new Map(before.map(file => [file.path, file]));
  const written = after
    .filter(({ path, text }) => current.get(path)?.text !== text)
    .sort((a, b) => a.order - b.order || (a.path < b.path ? -1 : 1));
  const states = [inCluster(current.values())];
  for (const file of written) {
    // Behind the others: it is applied last.
    current.delete(file.path);
    current.set(file.path, file);
    states.push(inCluster(current.values()));
  }
  for (const { path } of before) {
    if (after.some(file => file.path === path)) continue;
    current.delete(path);
    states.push(inCluster(current.values()));
  }
  return states;
}

function applicationOf(seed: number): Application | undefined {
  const random = new Random(seed + 31);
  const company = generable(randomCompany(seed));
  const [before, after] = [0.4, 0.2].map(left => partOf(company, random, left));
  const [was, is] = [before, after].map(compilationOf);
  // Without what it stood beside, a declaration may not be generated any more.
  if (was.failedApis.length + is.failedApis.length > 0) return undefined;
  const states = steps(was.files, is.files);
  if (states.length < 3) return undefined;
  const clusters = [clusterOf(company.world)];
  const { points } = prove({
    before: { compilation: was, clusters },
    after: { compilation: is, clusters },
    approved: [],
  });
  return {
    states: states.map(policies => ({ ...company.world, policies })),
    isProved: points.some(
      ({ point, outcome }) =>
        point === 'intermediate-states' && outcome === 'passed',
    ),
    calls: companyCalls(company, seed).slice(0, 40),
  };
}

/**
 * Declarations that change: while the files are applied one by one in their
 * order, nobody loses what they have before and after. Asked of the engines in
 * every state in between, wherever the proof of the proposal says so; what the
 * proof blocks is counted.
 */
export const application: Suite<Application> = {
  name: 'application',

  make: applicationOf,

  questions: ({ states, calls }) => states.map(world => ({ world, calls })),

  compare({ states, isProved, calls }, answers, report) {
    const last = states.length - 1;
    report.notes.note(
      isProved ? 'proposals proved' : 'proposals that the proof blocks',
    );
    calls.forEach((call, index) => {
      report.judged += states.length;
      states.forEach((world, state) =>
        report.coverage.add(world, call, answers[state][index].allowed, 'sure'),
      );
      const isKept = answers[0][index].allowed && answers[last][index].allowed;
      if (!isKept) return;
      report.notes.note('calls that are kept');
      const cut = answers.findIndex(each => !each[index].allowed);
      if (cut >= 0 && isProved)
        report.differs({
          world: states[cut],
          call,
          text: `allowed before and after, and refused after step ${cut} of ${last}: ${JSON.stringify(
            answers[cut][index],
          )}`,
        });
      if (cut >= 0 && !isProved)
        report.notes.note('cuts that the proof has seen');
    });
  },

  refused({ states }, reason, report) {
    report.differs({
      world: states[0],
      text: `an engine refuses what is generated: ${reason}`,
    });
  },

  *smaller({ states, isProved, calls }) {
    if (calls.length > 1) {
      const half = Math.ceil(calls.length / 2);
      yield { states, isProved, calls: calls.slice(0, half) };
      yield { states, isProved, calls: calls.slice(half) };
      return;
    }
    for (const index of states.keys()) {
      if (index === 0 || index === states.length - 1) continue;
      yield {
        states: states.filter((_, each) => each !== index),
        isProved,
        calls,
      };
    }
  },
};
