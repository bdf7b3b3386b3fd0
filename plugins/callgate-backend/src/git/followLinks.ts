import path from 'node:path';

/** A file of a commit that cannot be read as text, and why: words that follow its path. */
export interface NoText {
  path: string;
  why: string;
}

/** The files of a commit as they are read. */
export interface ReadableFiles {
  /** Texts by path; a link has the text of the file that it leads to. */
  files: ReadonlyMap<string, string>;
  /** What is no text, links to such files and out of the repository among them. */
  notText: readonly NoText[];
  /** Links that lead to nothing, or to a folder. */
  broken: readonly NoText[];
}

/** So many links one behind the other are followed, as Linux does. */
const MOST_STEPS = 40;

type Target = { path: string } | 'outside' | 'circle';

/** What a link leads to, through further links. */
function targetOf(from: string, links: ReadonlyMap<string, string>): Target {
  let at = from;
  for (let step = 0; step < MOST_STEPS; step++) {
    const target = links.get(at);
    if (target === undefined) return { path: at };
    if (target.startsWith('/')) return 'outside';
    at = path.posix.join(path.posix.dirname(at), target);
    if (at === '..' || at.startsWith('../')) return 'outside';
  }
  return 'circle';
}

/**
 * Follows the symbolic links of a commit inside it. Who reads the repository
 * by another way, such as a checkout, sees the same.
 */
export function followLinks(
  texts: ReadonlyMap<string, string>,
  paths: readonly string[],
  links: ReadonlyMap<string, string>,
): ReadableFiles {
  const files = new Map([...texts].filter(([file]) => !links.has(file)));
  const notText = new Map<string, NoText>();
  const broken: NoText[] = [];
  for (const file of paths)
    if (!files.has(file) && !links.has(file))
      notText.set(file, { path: file, why: 'is not UTF-8 text' });
  for (const [file, to] of [...links].sort()) {
    const why = (words: string) => ({
      path: file,
      why: `is a link to ${to}, ${words}`,
    });
    const target = targetOf(file, links);
    if (target === 'outside')
      notText.set(
        file,
        why('out of the repository: links are followed inside it alone'),
      );
    else if (target === 'circle')
      broken.push(why('and so leads back to itself'));
    else {
      const text = files.get(target.path);
      if (text !== undefined) files.set(file, text);
      else if (notText.has(target.path))
        notText.set(file, why('which is not UTF-8 text'));
      else if (paths.some(each => each.startsWith(`${target.path}/`)))
        broken.push(
          why('which is a folder: what is in it is read where it is'),
        );
      else broken.push(why('where nothing is'));
    }
  }
  return {
    files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))),
    notText: [...notText.values()],
    broken,
  };
}
