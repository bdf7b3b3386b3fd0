import {
  buildCluster,
  emptyEstate,
  loadManifests,
  type Cluster,
  type Finding,
  type MeshMode,
} from '@callgate/policy';
import type { Credentials, KindState } from '@callgate/cluster-reader';
import { clusterReader } from '../clusterReader';
import { readProfiles } from './readProfiles';

/** For how long what fails is tried again. */
const PATIENCE_MS = 10_000;

/** A cluster as its API server has it. */
export interface LiveCluster {
  cluster: Cluster;
  findings: Finding[];
  /** Every kind that it serves and that is read, with whether that is allowed. */
  kinds: readonly KindState[];
  /** Why that is not all of it, in sentences. */
  problems: readonly string[];
  /** How many objects there are of each kind, by `group/Kind`, and of each name, by `group/Kind namespace/name`. */
  counts: ReadonlyMap<string, number>;
}

/** Reads a cluster once. What cannot be read is told, and not thrown. */
export async function readLiveCluster(options: {
  name: string;
  credentials: Credentials;
  cwd: string;
  /** Values of `--profile`. */
  profiles: readonly string[];
  /** Value of `--mesh`. */
  mesh: 'detect' | MeshMode;
}): Promise<LiveCluster> {
  const { name, credentials, cwd, profiles, mesh } = options;
  const profile = readProfiles({ cwd, values: profiles, clusters: [name] }).get(
    name,
  )!;
  const read = await clusterReader().readOnce({
    ...{ cluster: name, credentials, exclude: [], patienceMs: PATIENCE_MS },
  });
  const files = [...(read.files ?? [])];
  const manifests = loadManifests(files);
  const { objects } = manifests;
  const built = buildCluster({ name, objects, profile, mesh });
  const counts = new Map<string, number>();
  for (const { object } of objects) {
    const slash = object.apiVersion.lastIndexOf('/');
    const group = slash < 0 ? '' : object.apiVersion.slice(0, slash);
    const id = `${group}/${object.kind}`;
    const { namespace, name: own } = object.metadata;
    for (const each of [id, `${id} ${namespace}/${own}`])
      counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  return {
    cluster: built.cluster,
    findings: [
      ...manifests.findings,
      ...emptyEstate(name, files, manifests),
      ...built.findings,
    ],
    ...{ kinds: read.kinds, problems: read.problems, counts },
  };
}
