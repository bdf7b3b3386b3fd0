import {
  apisOfGenerated,
  buildCluster,
  type Cluster,
  type CompiledApprovalRule,
  type CompiledGuardrail,
  type CompileInput,
  defaultPlatformProfile,
  emptyEstate,
  type Finding,
  loadManifests,
  ORDER_KEY,
  parseApprovals,
  type ParsedApprovals,
  parseGuardrails,
  type ParsedGuardrails,
  parsePlatformProfile,
  type PlatformProfile,
  type RenderedFile,
  type SourceFile,
  withGenerated,
} from '@callgate/policy';
import type { EstateSnapshot } from '../estate/EstateReader';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';
import { type ParsedPolicy, readPolicies } from './readPolicies';

const MANIFEST = /\.(ya?ml|json)$/;

/** A commit of the policy repository and the estate, read and sorted out, not yet compiled. */
export interface RepositoryContents {
  policies: readonly ParsedPolicy[];
  profiles: readonly PlatformProfile[];
  /** The platform team's rules; a file that cannot be used is an error among the findings. */
  guardrails: readonly CompiledGuardrail[];
  /** Rules of who approves; the same holds. */
  approvalRules: readonly CompiledApprovalRule[];
  /** Estate and hand-written files, without generated objects. */
  clusters: readonly Cluster[];
  /** Generated files as the repository has them. */
  generated: readonly RenderedFile[];
  /** The clusters with those. */
  effectiveClusters: readonly Cluster[];
  findings: readonly Finding[];
}

/** Sorts the files of a commit into declarations, profiles, hand-written and generated manifests. */
export function readRepository(options: {
  files: ReadonlyMap<string, string>;
  estate: EstateSnapshot;
  config: PolicyRepositoryConfig;
}): RepositoryContents {
  const { files, estate, config } = options;
  const findings: Finding[] = [];
  const profiles = new Map<string, PlatformProfile>();
  for (const file of filesBelow(files, config.profilesFolder)) {
    const parsed = parsePlatformProfile(file);
    findings.push(...parsed.findings);
    if (parsed.profile) profiles.set(parsed.profile.name, parsed.profile);
  }
  const rules = readGuardrails(files, config);
  findings.push(...rules.findings);
  const approvals = readApprovals(files, config);
  findings.push(...approvals.findings);
  const manifests = new Map<string, SourceFile[]>();
  const generated: RenderedFile[] = [];
  for (const file of filesBelow(files, config.manifestsFolder)) {
    const [cluster, inside] = file.path
      .slice(config.manifestsFolder.length + 1)
      .split('/', 2);
    if (inside === undefined) continue;
    if (apisOfGenerated(file) === undefined) {
      manifests.set(cluster, [...(manifests.get(cluster) ?? []), file]);
    } else {
      generated.push({ ...file, cluster, order: orderOf(file) });
    }
  }
  const names = new Set([
    ...estate.clusters.map(({ name }) => name),
    ...manifests.keys(),
  ]);
  const clusters = [...names].sort().map(name => {
    const running =
      estate.clusters.find(cluster => cluster.name === name)?.files ?? [];
    const loaded = loadManifests([...running, ...(manifests.get(name) ?? [])]);
    const built = buildCluster({
      name,
      objects: loaded.objects,
      profile: profiles.get(name) ?? defaultPlatformProfile(name),
    });
    findings.push(
      ...loaded.findings,
      ...emptyEstate(name, running, loaded),
      ...built.findings,
    );
    return built.cluster;
  });
  return {
    policies: readPolicies(files, config.policiesFolder),
    profiles: [...profiles.values()],
    guardrails: rules.guardrails ?? [],
    approvalRules: approvals.rules ?? [],
    clusters,
    generated,
    effectiveClusters: clusters.map(cluster =>
      withGenerated(
        cluster,
        loadManifests(generated.filter(file => file.cluster === cluster.name))
          .objects,
      ),
    ),
    findings,
  };
}

function readGuardrails(
  files: ReadonlyMap<string, string>,
  { guardrailsFile }: PolicyRepositoryConfig,
): ParsedGuardrails {
  const text = files.get(guardrailsFile);
  return text === undefined
    ? { findings: [] }
    : parseGuardrails({ path: guardrailsFile, text });
}

function readApprovals(
  files: ReadonlyMap<string, string>,
  { approvalsFile }: PolicyRepositoryConfig,
): ParsedApprovals {
  const text = files.get(approvalsFile);
  return text === undefined
    ? { findings: [] }
    : parseApprovals({ path: approvalsFile, text });
}

/** Declarations as `compile` wants them. */
export function toCompileInput(
  policies: readonly ParsedPolicy[],
): Pick<CompileInput, 'policies' | 'unreadable'> {
  return {
    policies: policies.flatMap(({ policy, file, locate }) =>
      policy ? [{ policy, file, ...(locate && { locate }) }] : [],
    ),
    unreadable: policies
      .filter(({ policy }) => !policy)
      .map(({ file, api, findings }) => ({
        file,
        findings,
        ...(api !== undefined && { api }),
      })),
  };
}

function filesBelow(
  files: ReadonlyMap<string, string>,
  folder: string,
): SourceFile[] {
  return [...files]
    .filter(([path]) => path.startsWith(`${folder}/`) && MANIFEST.test(path))
    .map(([path, text]) => ({ path, text }));
}

function orderOf(file: SourceFile): number {
  const orders = loadManifests([file]).objects.map(({ object }) => {
    const order: unknown = object.metadata.annotations?.[ORDER_KEY];
    return typeof order === 'string' ? Number(order) : 0;
  });
  return Math.max(0, ...orders.filter(Number.isFinite));
}
