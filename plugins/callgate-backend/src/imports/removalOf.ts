import {
  amendCluster,
  type Cluster,
  type Compilation,
  type HandWritten,
  importChanges,
  loadManifests,
  meaning,
  NOT_READ,
  proveInSteps,
} from '@callgate/policy';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';
import { compileRepository } from '../proposals/assembleSnapshot';
import { declarationOf } from '../proposals/editDeclaration';
import { inTurns, others } from '../proposals/inTurns';
import { judgeProof } from '../proposals/judgeProof';
import type { Snapshot } from '../proposals/types';
import { importBookOf, SAID, sha256, UNCHANGED } from './importOf';
import { isInForce } from './isInForce';
import { Kustomizations } from './kustomizations';
import { keyOf, takeOut } from './takeOut';
import type { ApiRemoval, Leaving, LeftPolicy, WrittenRemoval } from './types';

/** Controls, and characters that have no form or change the direction: what a review shows of such a path is something else. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

type RemovalConfig = Pick<
  PolicyRepositoryConfig,
  'policiesFolder' | 'manifestsFolder'
>;

/** Whether nothing keeps a policy in its file. */
const isSeparable =
  (taken: ReadonlyMap<HandWritten, Leaving | undefined>) =>
  (policy: HandWritten): boolean =>
    taken.get(policy) === undefined;

/**
 * What deleting policies by hand would come to for one API, once everything that is generated for it is in force. Only those go that stand
 * in files of the policy repository and can be taken out of these. All of them together change no verdict and no layer, also not for
 * whoever is deployed later, nothing else is generated without them, and that is worked out here anew each time.
 *
 * @returns `undefined` where the API is not declared, or what is generated is not in force everywhere
 */
export async function removalOf(
  snapshot: Snapshot,
  api: string,
  config: RemovalConfig,
): Promise<ApiRemoval | undefined> {
  if (!declarationOf(snapshot, api) || !isInForce(snapshot, api))
    return undefined;
  const book = importBookOf(snapshot, config);
  const found = book.handWritten(api, snapshot.effectiveClusters);
  await others();
  const taken = takenOut(snapshot, found, config);
  await others();
  const going = withoutChange(
    snapshot,
    [...taken.keys()].filter(isSeparable(taken)),
  );
  const changes = changesOf(snapshot, going);
  const policies = found.map((policy): LeftPolicy => {
    if (going.includes(policy)) return { ...policy, goes: true };
    const leaving: Leaving | undefined = policy.canGo
      ? taken.get(policy) ?? { reason: 'not-without-others' }
      : undefined;
    return { ...policy, goes: false, ...(leaving && { leaving }) };
  });
  if (going.length === 0) return { api, policies };
  await others();
  const written =
    notReadBeside(snapshot, going) ??
    (await prove(snapshot, api, config, { going, changes }));
  return 'digest' in written
    ? { api, policies, written }
    : {
        api,
        policies: policies.map(each => ({ ...each, goes: false })),
        refused: written,
      };
}

/** Policies that can go, each with why it cannot be taken out of a file of the repository. */
function takenOut(
  snapshot: Snapshot,
  found: readonly HandWritten[],
  config: RemovalConfig,
): Map<HandWritten, Leaving | undefined> {
  const kustomizations = new Kustomizations(snapshot.repository);
  const known = new Map<HandWritten, Leaving | undefined>();
  for (const policy of found.filter(({ canGo }) => canGo))
    known.set(policy, leavingOf(snapshot, policy, config, kustomizations));
  // Which of several of a file can go is decided with the file: whether all of it goes, and with it entries that name it.
  const changes = new Map<string, string | undefined>();
  const separable = [...known.keys()].filter(isSeparable(known));
  for (const [path, policies] of byFile(separable)) {
    const leaving = leavingTogether(
      snapshot,
      { path, policies },
      { kustomizations, changes },
    );
    if (leaving) for (const policy of policies) known.set(policy, leaving);
  }
  return known;
}

/** Why a policy cannot be taken out of the file in which it stands; `undefined` where it can. */
function leavingOf(
  snapshot: Snapshot,
  policy: HandWritten,
  { manifestsFolder }: RemovalConfig,
  kustomizations: Kustomizations,
): Leaving | undefined {
  const { cluster, at } = policy;
  const { repository, linked, findings, source } = snapshot;
  const live = source.observed?.includes(cluster) ?? false;
  const path = at?.file;
  const text = path === undefined ? undefined : repository.get(path);
  if (
    path === undefined ||
    text === undefined ||
    !path.startsWith(`${manifestsFolder}/${cluster}/`) ||
    !hasPolicy({ path, text }, policy)
  )
    return { reason: 'elsewhere', live };
  if (UNSEEN.test(path)) return { reason: 'odd-path' };
  if (linked.has(path)) return { reason: 'linked', file: path };
  const name = `${policy.kind} ${policy.namespace ?? 'default'}/${policy.name}`;
  const isGivenTwice = findings.some(
    ({ code, objects }) =>
      code === 'duplicate-object' && objects.includes(name),
  );
  if (isGivenTwice) return { reason: 'given-twice' };
  if (isOfChart(snapshot, path))
    return { reason: 'inseparable', why: 'template', file: path };
  const problem = kustomizations.problemOf(path);
  if (problem) return { reason: 'kustomization', problem };
  const out = takeOut({ path, text }, new Set([keyOf(policy)]));
  return 'why' in out
    ? { reason: 'inseparable', file: path, ...out }
    : undefined;
}

function leavingTogether(
  { repository }: Snapshot,
  { path, policies }: { path: string; policies: readonly HandWritten[] },
  how: {
    kustomizations: Kustomizations;
    changes: Map<string, string | undefined>;
  },
): Leaving | undefined {
  const text = repository.get(path) ?? '';
  const out = takeOut({ path, text }, new Set(policies.map(keyOf)));
  if ('why' in out) return { reason: 'inseparable', file: path, ...out };
  const problem =
    out.text === undefined
      ? how.kustomizations.forget(path, how.changes)
      : undefined;
  return problem && { reason: 'kustomization', problem };
}

/** Helm renders what stands below the folder of a chart. */
function isOfChart({ repository }: Snapshot, path: string): boolean {
  const parts = path.split('/').slice(0, -1);
  return parts.some((_, index) =>
    repository.has([...parts.slice(0, index + 1), 'Chart.yaml'].join('/')),
  );
}

function hasPolicy(
  file: { path: string; text: string },
  policy: HandWritten,
): boolean {
  return loadManifests([file]).objects.some(
    ({ object, at }) =>
      keyOf({ ...object.metadata, kind: object.kind }) === keyOf(policy) &&
      at.line === policy.at?.line,
  );
}

function byFile(policies: readonly HandWritten[]): Map<string, HandWritten[]> {
  const files = new Map<string, HandWritten[]>();
  for (const policy of policies) {
    const path = policy.at?.file ?? '';
    files.set(path, [...(files.get(path) ?? []), policy]);
  }
  return files;
}

/** Of policies that can be taken out, as many as can go without a change, in their order. */
function withoutChange(
  snapshot: Snapshot,
  policies: readonly HandWritten[],
): readonly HandWritten[] {
  const isFree = (gone: readonly HandWritten[]) =>
    importChanges(
      snapshot.effectiveClusters,
      without(snapshot.effectiveClusters, gone),
    ).length === 0;
  if (policies.length === 0 || isFree(policies)) return policies;
  const going: HandWritten[] = [];
  for (const policy of policies)
    if (isFree([...going, policy])) going.push(policy);
  return going;
}

function without(
  clusters: readonly Cluster[],
  gone: readonly HandWritten[],
): Cluster[] {
  return clusters.map(cluster => {
    const own = gone.filter(each => each.cluster === cluster.name);
    const remove = cluster.objects.filter(({ object, at }) =>
      own.some(
        each =>
          keyOf({ ...object.metadata, kind: object.kind }) === keyOf(each) &&
          at.file === each.at?.file &&
          at.line === each.at?.line,
      ),
    );
    return remove.length > 0 ? amendCluster(cluster, { remove }) : cluster;
  });
}

/** What was left out of a cluster that loses a policy: who is in it, and whom the policy lets in, nobody knows. */
function notReadBeside(
  { clusters }: Snapshot,
  going: readonly HandWritten[],
): NonNullable<ApiRemoval['refused']> | undefined {
  for (const { name, objects } of clusters) {
    if (!going.some(({ cluster }) => cluster === name)) continue;
    const kinds = objects.flatMap(({ object: { kind, metadata } }) =>
      kind === NOT_READ.kind
        ? `${metadata.name}${
            metadata.namespace ? ` of ${metadata.namespace}` : ''
          }`
        : [],
    );
    if (kinds.length > 0)
      return { reason: 'not-read', cluster: name, kinds: kinds.slice(0, 5) };
  }
  return undefined;
}

/** Files to write: what is taken out of each, and the kustomizations that name what goes. */
function changesOf(
  { repository }: Snapshot,
  going: readonly HandWritten[],
): Map<string, string | undefined> {
  const changes = new Map<string, string | undefined>();
  const kustomizations = new Kustomizations(repository);
  for (const [path, policies] of byFile(going)) {
    const text = repository.get(path) ?? '';
    const out = takeOut({ path, text }, new Set(policies.map(keyOf)));
    if ('why' in out) throw new Error(`${path} was taken apart before`);
    if (out.text === undefined) {
      const problem = kustomizations.forget(path, changes);
      if (problem) throw new Error(`${problem.file} names ${path}`);
    }
    changes.set(path, out.text);
  }
  return new Map([...changes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The proof of what goes, or why it must not. */
async function prove(
  snapshot: Snapshot,
  api: string,
  config: RemovalConfig,
  what: {
    going: readonly HandWritten[];
    changes: ReadonlyMap<string, string | undefined>;
  },
): Promise<WrittenRemoval | NonNullable<ApiRemoval['refused']>> {
  const { going, changes } = what;
  const clusters = without(snapshot.clusters, going);
  const compilation = compileRepository(snapshot, clusters, config);
  const files = regenerated(snapshot.compilation, compilation);
  if (files.length > 0) return { reason: 'regenerated', files };
  await others();
  const after = { compilation, clusters, files: snapshot.state.files };
  const meant = meaning({
    before: snapshot.state,
    after,
    api,
    scope: [],
    catalog: snapshot.catalog,
  });
  const proof = await inTurns(
    proveInSteps({
      before: snapshot.state,
      after,
      approved: [meant.content],
    }),
  );
  const judged = judgeProof(snapshot, proof, api);
  if (judged.errors.length > 0)
    return { reason: 'errors', findings: judged.errors };
  const gone = going.map(({ cluster, kind, namespace, name, at }) => ({
    ...{ cluster, kind, namespace, name },
    file: at?.file,
  }));
  const terms = sha256(['removes', gone, documentsOf(snapshot, going)]);
  return {
    changes,
    meaning: meant,
    checks: [UNCHANGED, ...judged.checks.filter(({ name }) => !SAID.has(name))],
    terms,
    digest: sha256([terms, [...changes], going.map(({ at }) => at)]),
  };
}

/** The texts that go, by file. */
function documentsOf(
  { repository }: Snapshot,
  going: readonly HandWritten[],
): [string, readonly string[]][] {
  return [...byFile(going)].map(([path, policies]) => {
    const text = repository.get(path) ?? '';
    const out = takeOut({ path, text }, new Set(policies.map(keyOf)));
    return [path, 'documents' in out ? out.documents : []];
  });
}

/** Paths of generated files that would be others, and of APIs and grants that would be held up or not. */
function regenerated(before: Compilation, after: Compilation): string[] {
  const texts = (of: Compilation) =>
    new Map(of.files.map(({ path, text }) => [path, text]));
  const [was, is] = [texts(before), texts(after)];
  const held = ({ failedApis, held: grants }: Compilation) =>
    JSON.stringify([
      failedApis.map(({ api }) => api).sort(),
      grants.map(({ api, grantId }) => `${api} ${grantId}`).sort(),
    ]);
  const files = [...new Set([...was.keys(), ...is.keys()])]
    .filter(path => was.get(path) !== is.get(path))
    .sort();
  return files.length === 0 && held(before) !== held(after)
    ? ['the declarations that are held back']
    : files;
}
