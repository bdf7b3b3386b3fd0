type Failure = 'space' | 'access' | 'disk';

/** Codes of the operating system, which also those of the data directory are. */
const FILES: Record<string, Failure> = {
  ENOSPC: 'space',
  EDQUOT: 'space',
  EACCES: 'access',
  EPERM: 'access',
  EROFS: 'access',
  EIO: 'disk',
};

/** Codes of SQLite, by how they begin, and SQLSTATEs of PostgreSQL. */
const DATABASES: readonly [string, Failure][] = [
  ['SQLITE_FULL', 'space'],
  ['SQLITE_READONLY', 'access'],
  ['SQLITE_CANTOPEN', 'access'],
  ['SQLITE_PERM', 'access'],
  ['SQLITE_IOERR', 'disk'],
  ['53100', 'space'],
  ['25006', 'access'],
  ['58030', 'disk'],
];

const TEXTS: Record<Failure, [string, string]> = {
  space: ['no space is left', 'make room'],
  access: ['access is denied', 'permit it'],
  disk: ['the disk reports errors', 'look at the disk'],
};

/** What an error of data directory or database means, in a sentence; `undefined` for every other error. */
export function storageProblem(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code !== 'string') return undefined;
  if (Object.hasOwn(FILES, code))
    return sentence('the data directory', FILES[code]);
  const known = DATABASES.find(([start]) => code.startsWith(start));
  return known && sentence('the database', known[1]);
}

function sentence(where: string, failure: Failure): string {
  const [why, what] = TEXTS[failure];
  return `Nothing can be written to ${where}: ${why}. The platform team has to ${what}; Callgate tries again by itself.`;
}
