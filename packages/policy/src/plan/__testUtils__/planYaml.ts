import { parseAllDocuments } from 'yaml';
import { emitPlan, GeneratedObject } from '../../emit';
import { buildCluster, Cluster, loadManifests } from '../../estate';
import { Finding, FindingCode } from '../../findings';
import { CatalogEntity, parseAccessPolicy } from '../../model';
import { parsePlatformProfile } from '../../profile';
import { render, RenderedFile } from '../../render';
import { plan } from '../plan';
import { Plan, PlanInput } from '../types';

/** Texts that a plan is made from. */
export interface PlanTexts {
  catalog: string[];
  policies: string[];
  /** manifests by cluster */
  estate: Record<string, string[]>;
  /** `spec` of the platform profile by cluster; default a mesh with sidecars */
  profiles?: Record<string, string>;
}

/** A plan with what is generated from it. */
export interface Planned extends Plan {
  input: PlanInput;
  objects: { cluster: string; object: GeneratedObject }[];
  files: RenderedFile[];
  codes: FindingCode[];
  errors: Finding[];
}

const SIDECAR =
  '{ mesh: { mode: sidecar, trustDomain: cluster.local, pathNormalization: DECODE_AND_MERGE_SLASHES } }';

function clusterOf(name: string, manifests: string[], spec: string): Cluster {
  const profile = parsePlatformProfile({
    path: `${name}.yaml`,
    text: `{ apiVersion: callgate.dev/v1alpha1, kind: PlatformProfile, metadata: { name: ${name} }, spec: ${spec} }`,
  });
  if (!profile.profile)
    throw new Error(profile.findings.map(({ message }) => message).join());
  const { objects, findings } = loadManifests([
    { path: 'estate.yaml', text: manifests.join('\n---\n') },
  ]);
  if (findings.length > 0) throw new Error(findings[0].message);
  return buildCluster({ name, objects, profile: profile.profile }).cluster;
}

/** Reads the texts, plans, emits and renders. Policies that do not parse are a mistake of the test. */
export function planYaml(texts: PlanTexts): Planned {
  const policies = texts.policies.map((text, index) => {
    const file = `policy-${index}.yaml`;
    const { policy, findings, locate } = parseAccessPolicy({
      path: file,
      text,
    });
    if (!policy) throw new Error(findings.map(({ message }) => message).join());
    return { policy, file, locate };
  });
  const catalog = parseAllDocuments(texts.catalog.join('\n---\n')).map(
    document => document.toJS() as CatalogEntity,
  );
  const clusters = Object.entries(texts.estate).map(([name, manifests]) =>
    clusterOf(name, manifests, texts.profiles?.[name] ?? SIDECAR),
  );
  return planInput({ policies, catalog, clusters });
}

/** Plans, emits and renders. */
export function planInput(input: PlanInput): Planned {
  const result = plan(input);
  const objects = emitPlan(result, input.clusters);
  return {
    ...result,
    input,
    objects,
    files: render(objects),
    codes: [...new Set(result.findings.map(({ code }) => code))].sort(),
    errors: result.findings.filter(({ severity }) => severity === 'error'),
  };
}
