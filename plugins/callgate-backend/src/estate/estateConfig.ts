import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import path from 'node:path';

/** Manifests of one cluster, in a folder on disk or at an address. */
export interface ManifestsLocation {
  cluster: string;
  /** Absolute path of a folder or file. */
  path?: string;
  /** Address of a folder that `integrations` can read. */
  url?: string;
  /** Globs of files that are left out, by their path below the folder. */
  exclude?: readonly string[];
}

const CLUSTER = /^[A-Za-z0-9]+(?:[-_.]+[A-Za-z0-9]+)*$/;

/** Reads `callgate.estate.manifests`; paths are relative to the working directory. */
export function readManifestsLocations(root: Config): ManifestsLocation[] {
  const items = root.getOptionalConfigArray('callgate.estate.manifests') ?? [];
  return items.map((item, index) => {
    const cluster = item.getString('cluster');
    const folder = item.getOptionalString('path');
    const url = item.getOptionalString('url');
    const exclude = item.getOptionalStringArray('exclude');
    const refuse = (why: string) =>
      new InputError(`callgate.estate.manifests[${index}]: ${why}`);
    if (!CLUSTER.test(cluster) || cluster.length > 63) {
      throw refuse(
        `"${cluster}" is not a name of a cluster: use letters, digits and single - _ . between them`,
      );
    }
    if ((folder === undefined) === (url === undefined)) {
      throw refuse('give either path or url');
    }
    return {
      cluster,
      ...(folder !== undefined && { path: path.resolve(folder) }),
      ...(url !== undefined && { url }),
      ...(exclude !== undefined && { exclude }),
    };
  });
}
