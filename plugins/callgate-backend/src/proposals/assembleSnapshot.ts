import {
  type CatalogEntity,
  type Compilation,
  compile,
  readInForce,
} from '@callgate/policy';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';
import {
  type RepositoryContents,
  toCompileInput,
  withGeneratedOf,
} from './readRepository';
import type { ConfiguredRules } from './configuredRules';
import type { RepositoryRules } from './readRules';
import type { Snapshot, SnapshotSource } from './types';
import { withoutClusters } from './unreadClusters';

/** What a snapshot is made of. */
export interface SnapshotParts {
  key: string;
  /** When it was read, as it is told now. */
  source: () => SnapshotSource;
  repository: ReadonlyMap<string, string>;
  linked: ReadonlySet<string>;
  catalog: readonly CatalogEntity[];
  contents: RepositoryContents;
  rules: RepositoryRules;
  /** Rules of who approves that stand in the portal's configuration. */
  configured?: ConfiguredRules;
  config: PolicyRepositoryConfig;
}

/** Compiles what was read. */
export function assembleSnapshot(
  parts: SnapshotParts,
  leftOut: Snapshot['leftOut'] = [],
): Snapshot {
  const { key, source, repository, catalog, contents, rules, config } = parts;
  const { configured } = parts;
  const { policies, profiles, clusters, generated, unread } = contents;
  const compilation = compileRepository(
    {
      policies,
      leftOut,
      catalog,
      guardrails: rules.guardrails,
      state: { files: generated },
    },
    clusters,
    config,
  );
  let sound: Snapshot | undefined;
  return {
    key,
    get source(): SnapshotSource {
      return source();
    },
    repository,
    linked: parts.linked,
    policies,
    catalog,
    profiles,
    guardrails: rules.guardrails,
    approvalRules: [...rules.approvalRules, ...(configured?.rules ?? [])],
    ...(rules.escalate && { escalate: rules.escalate }),
    ...(configured && { configuredRules: configured.version }),
    standIns: rules.standIns,
    clusters,
    missingInClusters: contents.missingInClusters,
    effectiveClusters: contents.effectiveClusters,
    compilation,
    state: { compilation, clusters, files: generated },
    findings: [...rules.findings, ...contents.findings],
    blocking: rules.blocking,
    unread,
    get sound(): Snapshot {
      if (unread.length === 0) return this;
      sound ??= withoutUnread(parts);
      return sound;
    },
    leftOut,
  };
}

/** What the declarations of a repository generate in clusters. */
export function compileRepository(
  repository: Pick<
    Snapshot,
    'policies' | 'leftOut' | 'catalog' | 'guardrails'
  > & { state: Pick<Snapshot['state'], 'files'> },
  clusters: Snapshot['clusters'],
  { manifestsFolder }: Pick<PolicyRepositoryConfig, 'manifestsFolder'>,
): Compilation {
  const { policies, leftOut, catalog, guardrails, state } = repository;
  return compile({
    ...toCompileInput(withoutClusters(policies, leftOut, clusters)),
    catalog,
    clusters,
    manifestsFolder,
    guardrails: { rules: guardrails, stage: 'repository' },
    inForce: readInForce(state.files ?? []),
  });
}

/** The same without the clusters of which something cannot be read: neither their objects nor their files are in it. */
function withoutUnread(parts: SnapshotParts): Snapshot {
  const { contents, key } = parts;
  const names = new Set(contents.unread.map(({ cluster }) => cluster));
  const clusters = contents.clusters.filter(({ name }) => !names.has(name));
  const generated = contents.generated.filter(
    ({ cluster }) => !names.has(cluster),
  );
  return assembleSnapshot(
    {
      ...parts,
      key: `${key} without ${[...names].sort().join(' ')}`,
      contents: {
        ...contents,
        clusters,
        generated,
        effectiveClusters: withGeneratedOf(clusters, generated),
        unread: [],
      },
    },
    contents.clusters.filter(({ name }) => names.has(name)),
  );
}
