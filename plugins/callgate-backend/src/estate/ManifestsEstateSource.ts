import { excludes } from '@callgate/policy';
import type { UrlReaderService } from '@backstage/backend-plugin-api';
import type {
  EstateFile,
  EstateReading,
  EstateSource,
} from '@callgate/plugin-callgate-node';
import fs from 'node:fs';
import path from 'node:path';
import type { ManifestsLocation } from './estateConfig';

/** In any case of its letters. */
const MANIFEST = /\.(ya?ml|json)$/i;
/** No manifest is that large; a mistaken path may lead to something that is. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** The estate as folders of manifests, on disk or at addresses. Several folders of one cluster add up. */
export class ManifestsEstateSource implements EstateSource {
  readonly id = 'manifests';

  constructor(
    private readonly options: {
      locations: readonly ManifestsLocation[];
      urlReader?: UrlReaderService;
    },
  ) {}

  async read(): Promise<EstateReading> {
    const clusters = new Map<string, EstateFile[]>();
    const unread: { cluster: string; problem: string }[] = [];
    for (const location of this.options.locations) {
      const { cluster } = location;
      try {
        const files = await this.#readLocation(location);
        if (files.length === 0) {
          const problem = `There are no manifests of the cluster ${cluster} in ${where(
            location,
          )}.`;
          unread.push({ cluster, problem });
        }
        clusters.set(cluster, [...(clusters.get(cluster) ?? []), ...files]);
      } catch (error) {
        const problem = `The manifests of the cluster ${cluster} cannot be read from ${where(
          location,
        )}: ${reason(error)}.`;
        unread.push({ cluster, problem });
      }
    }
    return {
      clusters: [...clusters].map(([name, files]) => ({ name, files })),
      problems: unread.map(({ problem }) => problem),
      ...(unread.length > 0 && { unread }),
    };
  }

  async #readLocation(location: ManifestsLocation): Promise<EstateFile[]> {
    const isExcluded = excludes(location.exclude ?? []);
    const files = location.path
      ? await readFolder(location.path, isExcluded)
      : await this.#readUrl(location.url!, isExcluded);
    return files
      .map(({ path: file, text }) => ({
        path: `${location.cluster}/${file}`,
        text,
      }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async #readUrl(
    url: string,
    isExcluded: (path: string) => boolean,
  ): Promise<EstateFile[]> {
    const { urlReader } = this.options;
    if (!urlReader) throw new Error('addresses are not supported here');
    const tree = await urlReader.readTree(url, {
      filter: file => MANIFEST.test(file) && !isExcluded(file),
    });
    const files: EstateFile[] = [];
    for (const file of await tree.files()) {
      files.push({
        path: file.path,
        text: (await file.content()).toString('utf8'),
      });
    }
    return files;
  }
}

async function readFolder(
  root: string,
  isExcluded: (path: string) => boolean,
): Promise<EstateFile[]> {
  const stat = await fs.promises.stat(root);
  const names = stat.isDirectory()
    ? (
        await fs.promises.readdir(root, {
          recursive: true,
          withFileTypes: true,
        })
      )
        .filter(entry => entry.isFile() && MANIFEST.test(entry.name))
        .map(entry => path.join(entry.parentPath, entry.name))
    : [root];
  const files: EstateFile[] = [];
  for (const file of names) {
    const name =
      path.relative(root, file).split(path.sep).join('/') ||
      path.basename(file);
    if (isExcluded(name)) continue;
    const { size } = await fs.promises.stat(file);
    if (size > MAX_FILE_BYTES) throw new Error(`${name} is larger than 16 MiB`);
    files.push({ path: name, text: await fs.promises.readFile(file, 'utf8') });
  }
  return files;
}

function where({ path: folder, url }: ManifestsLocation): string {
  return folder ?? url ?? '';
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EACCES') return 'access is denied';
  return message;
}
