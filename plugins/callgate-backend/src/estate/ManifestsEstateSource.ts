import { excludes } from '@callgate/policy';
import type { UrlReaderService } from '@backstage/backend-plugin-api';
import type {
  EstateFile,
  EstateReading,
  EstateSource,
} from '@callgate/plugin-callgate-node';
import { isUtf8 } from 'node:buffer';
import fs from 'node:fs';
import path from 'node:path';
import type { ManifestsLocation } from './estateConfig';

/** In any case of its letters. */
const MANIFEST = /\.(ya?ml|json)$/i;
/** No manifest is that large; a mistaken path may lead to something that is. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;

/** What following a link fails with where nothing is that it could lead to: a circle, and a file as if it were a folder, too. */
const NOWHERE = new Set<string | undefined>([
  'ENOENT',
  'ELOOP',
  'ENOTDIR',
  'ENAMETOOLONG',
]);

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
      .map(({ path: file, ...rest }) => ({
        path: `${location.cluster}/${file}`,
        ...rest,
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
      const content = await file.content();
      checkSize(file.path, content.length);
      files.push({ path: file.path, text: textOf(content, file.path) });
    }
    return files;
  }
}

function checkSize(name: string, bytes: number): void {
  if (bytes > MAX_FILE_BYTES)
    throw new Error(
      `${name} is larger than 32 MiB; split it, or leave it out with exclude`,
    );
}

async function readFolder(
  root: string,
  isExcluded: (path: string) => boolean,
): Promise<EstateFile[]> {
  const stat = await fs.promises.stat(root);
  if (!stat.isDirectory()) {
    const name = path.basename(root);
    return isExcluded(name) ? [] : [await readFile(root, name)];
  }
  const entries = await fs.promises.readdir(root, {
    recursive: true,
    withFileTypes: true,
  });
  const inside = await fs.promises.realpath(root);
  const files: EstateFile[] = [];
  for (const entry of entries) {
    const isLink = entry.isSymbolicLink();
    if (!(isLink || entry.isFile()) || !MANIFEST.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(root, file).split(path.sep).join('/');
    if (isExcluded(name)) continue;
    const read = isLink
      ? await readLink(file, name, inside)
      : await readFile(file, name);
    if (read) files.push(read);
  }
  return files;
}

async function readFile(file: string, name: string): Promise<EstateFile> {
  checkSize(name, (await fs.promises.stat(file)).size);
  return { path: name, text: textOf(await fs.promises.readFile(file), name) };
}

/** UTF-8, or UTF-16 where a byte order mark says so: what other bytes are replaced by could make names equal that are not. */
function textOf(bytes: Buffer, name: string): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe)
    return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff)
    return new TextDecoder('utf-16be').decode(bytes);
  if (!isUtf8(bytes))
    throw new Error(
      `${name} is not text in UTF-8; save it as UTF-8, or leave it out with exclude`,
    );
  return bytes.toString('utf8');
}

/** What a link leads to, inside the folder: whoever may write there could read any file of this machine otherwise. */
async function readLink(
  file: string,
  name: string,
  root: string,
): Promise<EstateFile | undefined> {
  let real: string;
  try {
    real = await fs.promises.realpath(file);
  } catch (error) {
    if (!NOWHERE.has((error as NodeJS.ErrnoException).code)) throw error;
    return { path: name, text: '', leadsTo: await fs.promises.readlink(file) };
  }
  if (!real.startsWith(root.endsWith(path.sep) ? root : root + path.sep))
    throw new Error(
      `${name} is a link out of the folder, and links are followed inside it alone; put the file there, or leave the link out with exclude`,
    );
  const stat = await fs.promises.stat(real);
  // A folder is read where it is.
  return stat.isFile() ? readFile(real, name) : undefined;
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
