import {
  apisOfGenerated,
  type Compilation,
  compile,
  endsToPin,
  type Finding,
  finding,
  type GrantEnds,
  type HeldGrant,
  heldKey,
  isHeldBack,
  pinGrant,
  type PolicyState,
  type PretendedGrant,
  readInForce,
  type RenderedFile,
} from '@callgate/policy';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';
import { isByHand } from './isByHand';
import { type ParsedPolicy, readPolicy } from './readPolicies';
import { toCompileInput } from './readRepository';
import type { Snapshot } from './types';
import { withoutClusters } from './unreadClusters';

/** The repository after a change of one declaration. */
export interface AppliedDeclaration {
  /** The declaration that it was applied with. */
  edited: ParsedPolicy;
  state: PolicyState;
  /** Files to write, and with `undefined` those to remove. */
  changes: ReadonlyMap<string, string | undefined>;
  /** Files that people wrote where generated ones belong, sorted: `errors` has each. */
  taken: readonly string[];
  /** Why it must not be proposed. */
  errors: readonly Finding[];
  /** What is written into grants that do not say yet which ends were approved, by id. */
  ends: ReadonlyMap<string, GrantEnds>;
}

/**
 * Compiles the repository with one declaration changed. Written is what follows from the change, and what the API's own
 * files lack; generated files of others that are out of date for other reasons are another proposal's.
 */
export function applyDeclaration(options: {
  snapshot: Snapshot;
  api: string;
  edited: ParsedPolicy;
  config: PolicyRepositoryConfig;
  /** Whether anybody has approved it yet. */
  stage: 'draft' | 'proposal';
  /** What the platform team's rules take the draft for; `unasked`: they are not asked at all. */
  pretend?: PretendedGrant | 'unasked';
}): AppliedDeclaration {
  const { snapshot, api, edited, config, stage, pretend } = options;
  const compilation = compile({
    ...toCompileInput(
      withoutClusters(
        [
          ...snapshot.policies.filter(({ file }) => file !== edited.file),
          edited,
        ],
        snapshot.leftOut,
        snapshot.clusters,
      ),
    ),
    catalog: snapshot.catalog,
    clusters: snapshot.clusters,
    manifestsFolder: config.manifestsFolder,
    ...(pretend !== 'unasked' && {
      guardrails: {
        rules: snapshot.guardrails,
        stage,
        ...(pretend && { pretend }),
      },
    }),
    inForce: readInForce(snapshot.state.files ?? []),
  });
  const ends = missingEnds(edited, compilation, snapshot);
  const before = byPath(snapshot.compilation.files);
  const after = byPath(compilation.files);
  const existing = byPath(snapshot.state.files ?? []);
  const next = new Map(existing);
  const held = new Set(
    [...existing.values()]
      .filter(file => isHeldBack(file, compilation))
      .map(({ path }) => path),
  );
  for (const [path, file] of after) {
    const isConcerned =
      file.text !== before.get(path)?.text || belongsTo(file, api);
    if (isConcerned && !held.has(path)) next.set(path, file);
  }
  for (const [path, file] of existing) {
    // A file of another API is that API's to remove.
    const isOurs =
      belongsTo(file, api) ||
      (before.has(path) && apisOfGenerated(file)?.length === 0);
    if (!after.has(path) && isOurs && !held.has(path)) next.delete(path);
  }
  const changes = new Map<string, string | undefined>();
  const text = edited.removed ? undefined : withEnds(edited.text, ends);
  if (snapshot.repository.get(edited.file) !== text)
    changes.set(edited.file, text);
  for (const path of [
    ...new Set([...existing.keys(), ...next.keys()]),
  ].sort()) {
    const written = next.get(path)?.text;
    if (written !== existing.get(path)?.text) changes.set(path, written);
  }
  const taken = [...changes.keys()].filter(path => {
    const there = snapshot.repository.get(path);
    return (
      path !== edited.file &&
      there !== undefined &&
      isByHand({ path, text: there })
    );
  });
  return {
    edited,
    taken,
    state: {
      compilation,
      clusters: snapshot.clusters,
      files: [...next.values()],
    },
    changes,
    errors: [
      ...blockers(snapshot, compilation, api),
      ...taken.map(file => notGenerated(file, api)),
    ],
    ends,
  };
}

/** The ends that grants of the API have now, of those that do not say yet which were approved. */
function missingEnds(
  { policy, file }: ParsedPolicy,
  { plan }: Compilation,
  { clusters, leftOut, policies }: Snapshot,
): Map<string, GrantEnds> {
  const found = new Map<string, GrantEnds>();
  // What a grant of before has in a cluster that is left out would not be among its ends.
  const before = new Set(
    policies
      .filter(each => leftOut.length > 0 && each.file === file)
      .flatMap(each => each.policy?.spec.grants.map(({ id }) => id) ?? []),
  );
  for (const grant of policy?.spec.grants ?? []) {
    const { id, members, ends: pinned } = grant;
    const ends =
      policy && !pinned && !before.has(id)
        ? endsToPin(plan, clusters, {
            api: policy.spec.api,
            id,
            ...(members && { members }),
          })
        : undefined;
    if (ends) found.set(id, ends);
  }
  return found;
}

/** The text of a declaration in which grants say which ends were approved. Other lines keep their bytes. */
export function withEnds(
  text: string,
  ends: ReadonlyMap<string, GrantEnds>,
): string {
  const { policy } = readPolicy('', text);
  return (policy?.spec.grants ?? []).reduce((edited, grant) => {
    const own = grant.ends ? undefined : ends.get(grant.id);
    return own ? pinGrant(edited, grant.id, own) : edited;
  }, text);
}

function blockers(
  snapshot: Snapshot,
  compilation: Compilation,
  api: string,
): Finding[] {
  const { failedApis } = compilation;
  const failedBefore = new Set(
    snapshot.compilation.failedApis.map(each => each.api),
  );
  // What the change breaks elsewhere is its fault as well.
  const concerned = failedApis.filter(
    each => each.api === api || !failedBefore.has(each.api),
  );
  const causes = new Set(concerned.map(each => each.because ?? each.api));
  // A grant that had an error before holds up nobody: it is held. Those that have one now are what the change is about, or
  // what it breaks.
  const keyOf = (each: HeldGrant) => heldKey(each.api, each.grantId);
  const heldBefore = new Set(snapshot.compilation.held.map(keyOf));
  return unique([
    ...compilation.held
      .filter(each => !heldBefore.has(keyOf(each)))
      .flatMap(({ findings }) => findings),
    ...failedApis
      .filter(each => causes.has(each.api))
      .flatMap(({ findings }) => findings),
    // A declaration of nobody knows which API could be one that closes what this one opens.
    ...snapshot.policies
      .filter(({ policy, api: declared }) => !policy && declared === undefined)
      .flatMap(({ findings }) => findings),
    ...snapshot.blocking,
  ]);
}

function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Map(
    findings.map(found => [
      JSON.stringify([found.code, found.message, found.at]),
      found,
    ]),
  );
  return [...seen.values()];
}

function notGenerated(file: string, api: string): Finding {
  return finding(
    'file-not-generated',
    `${file} was written by people, and what is generated for this API belongs there.`,
    { at: { file }, objects: [file], api },
  );
}

function belongsTo(file: RenderedFile, api: string): boolean {
  return apisOfGenerated(file)?.includes(api) ?? false;
}

function byPath(files: readonly RenderedFile[]): Map<string, RenderedFile> {
  return new Map(files.map(file => [file.path, file]));
}
