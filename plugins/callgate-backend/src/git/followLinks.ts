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
  /** Paths of links, and of the files that they lead to: whoever changes one changes what another one says. */
  linked: ReadonlySet<string>;
}

/** So many links one behind the other are followed, as Linux does. */
const MOST_LINKS = 40;
/** So long a path is none to Linux. */
const LONGEST = 4096;
/** So many names are looked up for one link: nobody keeps others waiting by folders that lead through each other. */
const MOST_NAMES = 10_000;

type Target = { path: string } | 'outside' | 'circle' | 'nowhere' | 'tangled';

/** Every folder that a file or a link is in. */
function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>(['']);
  for (const file of paths) {
    let slash = file.lastIndexOf('/');
    while (slash > 0 && !folders.has(file.slice(0, slash))) {
      folders.add(file.slice(0, slash));
      slash = file.lastIndexOf('/', slash - 1);
    }
  }
  return folders;
}

/**
 * What a link leads to, through further links: also those that stand for a folder on its way, where `..` is what is above the
 * folder that is meant, not above the link.
 */
function targetOf(
  from: string,
  links: ReadonlyMap<string, string>,
  folders: ReadonlySet<string>,
): Target {
  const at: string[] = [];
  const rest = from.split('/').reverse();
  let followed = 0;
  for (let names = 0; rest.length > 0; names++) {
    if (names === MOST_NAMES) return 'tangled';
    const name = rest.pop()!;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (at.pop() === undefined) return 'outside';
      continue;
    }
    at.push(name);
    const path = at.join('/');
    const target = links.get(path);
    if (target === undefined) {
      if (rest.length > 0 && !folders.has(path)) return 'nowhere';
      continue;
    }
    if (++followed > MOST_LINKS) return 'circle';
    if (target.startsWith('/')) return 'outside';
    if (target.length > LONGEST) return 'nowhere';
    at.pop();
    rest.push(...target.split('/').reverse());
  }
  return { path: at.join('/') };
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
  const folders = foldersOf(paths);
  const linked = new Set<string>();
  for (const file of paths)
    if (!files.has(file) && !links.has(file))
      notText.set(file, { path: file, why: 'is not UTF-8 text' });
  for (const [file, to] of [...links].sort()) {
    const why = (words: string) => ({
      path: file,
      why: `is a link to ${to}, ${words}`,
    });
    const target = targetOf(file, links, folders);
    linked.add(file);
    if (typeof target === 'object') linked.add(target.path);
    if (target === 'outside')
      notText.set(
        file,
        why('out of the repository: links are followed inside it alone'),
      );
    else if (target === 'tangled')
      notText.set(file, why('through more folders than are followed'));
    else if (target === 'circle')
      broken.push(why('and so leads back to itself'));
    else if (target === 'nowhere') broken.push(why('where nothing is'));
    else {
      const text = files.get(target.path);
      if (text !== undefined) files.set(file, text);
      else if (notText.has(target.path))
        notText.set(file, why('which is not UTF-8 text'));
      else if (folders.has(target.path))
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
    linked,
  };
}
