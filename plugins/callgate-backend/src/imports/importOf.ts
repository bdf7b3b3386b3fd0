import { createHash } from 'node:crypto';
import {
  type Finding,
  ImportBook,
  importChanges,
  meaning,
  type OnboardedApi,
  proveInSteps,
} from '@callgate/policy';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';
import { applyDeclaration } from '../proposals/applyDeclaration';
import { declarationOf } from '../proposals/editDeclaration';
import { inTurns, others } from '../proposals/inTurns';
import { CHECK_NAMES, judgeProof } from '../proposals/judgeProof';
import { readPolicy } from '../proposals/readPolicies';
import { withGeneratedOf } from '../proposals/readRepository';
import type { ProposalCheck, Snapshot } from '../proposals/types';
import { soundOf, waitsForClusters } from '../proposals/unreadClusters';
import type { ApiImport, NotNow, WrittenImport } from './types';

/** What an import is checked for before everything else. */
export const UNCHANGED: ProposalCheck = {
  name: 'Nobody can call more or less',
  outcome: 'passed',
  text: 'No verdict changes, and no layer lets more through than before.',
};

/** Checks of which an import says more, or that are about requests. */
export const SAID: ReadonlySet<string> = new Set([
  CHECK_NAMES['gained-is-approved'],
  CHECK_NAMES['surplus-foreign'],
]);

/** Books of snapshots, which do not change. */
const books = new WeakMap<Snapshot, ImportBook>();

/** What imports by a snapshot have in common. */
export function importBookOf(
  current: Snapshot,
  { policiesFolder }: Pick<PolicyRepositoryConfig, 'policiesFolder'>,
): ImportBook {
  const snapshot = soundOf(current);
  let book = books.get(snapshot);
  if (!book) {
    book = ImportBook.of({
      catalog: snapshot.catalog,
      clusters: snapshot.effectiveClusters,
      policiesFolder,
    });
    books.set(snapshot, book);
  }
  return book;
}

/**
 * What an import would make of one API by itself. The core drafts it and compares; then it is compiled as the repository is compiled,
 * with every other declaration and the platform team's rules, and compared again: only what changes nothing there either can be
 * written. Others have their turn in between.
 */
export async function importOf(
  current: Snapshot,
  api: string,
  config: PolicyRepositoryConfig,
): Promise<ApiImport> {
  const snapshot = soundOf(current);
  const first = notNow(current, api, config);
  if (first) return { api, outcome: leftAlone(api), notNow: first };
  const { outcome, file } = importBookOf(current, config).onboardOne(api);
  if (outcome.state !== 'written' || !file) return { api, outcome };
  await others();
  const edited = readPolicy(file.path, file.text);
  const applied = applyDeclaration({
    snapshot,
    api,
    edited,
    config,
    stage: 'proposal',
  });
  const [taken] = applied.taken;
  if (taken !== undefined)
    return {
      api,
      outcome: leftAlone(api),
      notNow: { reason: 'path-taken', file: taken },
    };
  if (applied.errors.length > 0) return withErrors(outcome, applied.errors);
  await others();
  const changes = importChanges(
    snapshot.effectiveClusters,
    withGeneratedOf(snapshot.clusters, applied.state.files ?? []),
    outcome.later,
  );
  if (changes.length > 0)
    return {
      api,
      outcome: {
        ...outcome,
        state: 'left-out',
        leftOut: { reason: 'would-change', changes },
      },
    };
  await others();
  const meant = meaning({
    before: snapshot.state,
    after: applied.state,
    api,
    scope: [],
    catalog: snapshot.catalog,
  });
  const proof = await inTurns(
    proveInSteps({
      before: snapshot.state,
      after: applied.state,
      approved: [meant.content],
    }),
  );
  const judged = judgeProof(snapshot, proof, api);
  if (judged.errors.length > 0) return withErrors(outcome, judged.errors);
  const shown = {
    edited,
    changes: applied.changes,
    files: applied.state.files ?? [],
    meaning: meant,
    checks: [UNCHANGED, ...judged.checks.filter(({ name }) => !SAID.has(name))],
  };
  return { api, outcome, written: { ...shown, ...digestsOf(outcome, shown) } };
}

/** Why nothing can be said of an API before the core is asked. */
function notNow(
  snapshot: Snapshot,
  api: string,
  { policiesFolder }: PolicyRepositoryConfig,
): NotNow | undefined {
  const declared = declarationOf(snapshot, api);
  if (declared) return { reason: 'declared', file: declared.file };
  const clusters = waitsForClusters(snapshot, {
    api,
    // Whoever it is: of callers in a cluster that cannot be read nobody knows.
    caller: '*',
    operations: [],
    in: [],
    acknowledges: [],
  }).map(({ cluster }) => cluster);
  if (clusters.length > 0) return { reason: 'unread', clusters };
  const [, name = api] = api.split(':');
  const path = `${policiesFolder}/${name}.yaml`.toLowerCase();
  const taken = [...snapshot.repository.keys()].find(
    each => each.toLowerCase() === path,
  );
  return taken === undefined
    ? undefined
    : { reason: 'path-taken', file: taken };
}

function leftAlone(api: string): OnboardedApi {
  return {
    api,
    state: 'left-out',
    grants: [],
    kept: [],
    proposed: [],
    openIn: [],
    later: [],
  };
}

function withErrors(
  outcome: OnboardedApi,
  findings: readonly Finding[],
): ApiImport {
  const { api } = outcome;
  return {
    api,
    outcome: {
      ...outcome,
      state: 'left-out',
      leftOut: { reason: 'errors', findings },
    },
  };
}

function digestsOf(
  outcome: OnboardedApi,
  { edited, changes }: Pick<WrittenImport, 'edited' | 'changes'>,
): Pick<WrittenImport, 'digest' | 'terms'> {
  const { grants, kept, openIn, later } = outcome;
  const terms = sha256([
    grants.map(({ grant: { reason: _, ...grant } }) => grant),
    kept.map(({ by: _, ...each }) => each),
    openIn,
    later,
    // Whoever owns it decides about requests for it from then on.
    edited.policy?.spec.owner,
  ]);
  return {
    digest: sha256([terms, edited.text, [...changes], grants, kept]),
    terms,
  };
}

/** A digest of a value, as JSON. */
export function sha256(value: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(value));
  return `sha256:${digest.digest('hex')}`;
}

/** Everybody whom the texts of an import may name. */
export function namedBy({ outcome }: ApiImport): string[] {
  const { grants, kept, proposed } = outcome;
  return [
    ...new Set([
      ...grants.map(({ grant }) => grant.caller),
      ...kept.flatMap(({ caller }) => [caller.ref, ...caller.entities]),
      ...proposed.map(({ caller }) => caller),
    ]),
  ].sort();
}
