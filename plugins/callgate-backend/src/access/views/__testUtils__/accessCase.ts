import {
  buildCluster,
  compile,
  contractOf,
  entityRefOf,
  loadManifests,
  parsePlatformProfile,
  readYamlDocuments,
  withGenerated,
  type CatalogEntity,
  type SourceFile,
} from '@callgate/policy';
import type { EntityLabel } from '@callgate/plugin-callgate-common';
import fs from 'node:fs';
import path from 'node:path';
import { readPolicy } from '../../../proposals/readPolicies';
import type { Snapshot } from '../../../proposals/types';
import { AccessFacts } from '../AccessFacts';
import { apiAccess } from '../apiAccess';
import { callerAccess } from '../callerAccess';
import { Discretion } from '../Discretion';
import { hideUnseen } from '../hideUnseen';
import type { LabelOf } from '../Labels';

const CASES = path.resolve(
  __dirname,
  '../../../../../../packages/policy/testdata/access',
);

function filesIn(folder: string, base = folder): SourceFile[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory()
      ? filesIn(file, base)
      : [
          {
            path: path.relative(base, file),
            text: fs.readFileSync(file, 'utf8'),
          },
        ];
  });
}

/** A label as somebody reads it who sees everything. */
export function labelOf(ref: string): EntityLabel {
  const [kind, rest = ''] = ref.split(':');
  const [namespace, name = ''] = rest.split('/');
  return { ref, kind, namespace, name, state: 'visible' };
}

/**
 * One of the core's cases of who can call what, as the backend reads it.
 *
 * @param declared - AccessPolicies in the place of those of the case
 */
export function accessCase(name: string, declared?: readonly SourceFile[]) {
  const folder = path.join(CASES, name);
  const read = (file: string) => ({
    path: file,
    text: fs.readFileSync(path.join(folder, file), 'utf8'),
  });
  const catalog = [...readYamlDocuments(read('catalog.yaml'))].flatMap(each =>
    'value' in each ? [each.value as CatalogEntity] : [],
  );
  const { profile } = parsePlatformProfile(read('profile.yaml'));
  const { objects } = loadManifests(
    ['estate', 'manifests'].flatMap(part => filesIn(path.join(folder, part))),
  );
  const { cluster } = buildCluster({ name: profile!.name, objects, profile });
  const policies = (declared ?? filesIn(path.join(folder, 'policies'))).map(
    file => readPolicy(file.path, file.text),
  );
  const compilation = compile({
    policies: policies.flatMap(({ policy, file }) =>
      policy ? [{ policy, file }] : [],
    ),
    catalog,
    clusters: [cluster],
  });
  const snapshot: Omit<Snapshot, 'sound'> = {
    key: name,
    source: { branch: 'main', readAt: '2026-11-02T10:00:00Z', stale: false },
    repository: new Map(),
    policies,
    catalog,
    profiles: [profile!],
    guardrails: [],
    approvalRules: [],
    standIns: {},
    clusters: [cluster],
    effectiveClusters: [
      withGenerated(cluster, loadManifests(compilation.files).objects),
    ],
    compilation,
    state: { compilation, clusters: [cluster] },
    findings: [],
    blocking: [],
    unread: [],
    leftOut: [],
    missingInClusters: new Set<string>(),
    linked: new Set<string>(),
  };
  const facts = AccessFacts.of(
    Object.assign(snapshot, { sound: snapshot as Snapshot }),
  );
  const discretion = Discretion.of(facts, []);
  const refs = catalog.map(entityRefOf);
  return {
    facts,
    discretion,
    api(ref: string, hidden: readonly string[] = []) {
      expect(refs).toContain(ref);
      const contract = contractOf(facts.entity(ref), ref);
      const told = Discretion.of(facts, hidden);
      return apiAccess(facts, ref, contract, labelOf, told);
    },
    /** As somebody reads it who may not see `hidden`. */
    caller(ref: string, hidden: readonly string[] = []) {
      expect(refs).toContain(ref);
      const told = Discretion.of(facts, hidden);
      const label: LabelOf = each =>
        told.hides(each)
          ? { ref: '', kind: '', namespace: '', name: '', state: 'hidden' }
          : labelOf(each);
      return hideUnseen(callerAccess(facts, ref, label, told), told);
    },
  };
}
