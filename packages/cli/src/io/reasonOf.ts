const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'nothing can be written there',
  ELOOP: 'its links lead in a circle',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file, or a link that leads nowhere',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the path is too long',
  ENOSPC: 'no space is left',
  EDQUOT: 'no space is left',
  EMFILE: 'too many files are open',
  ENXIO: 'it is a socket',
};

/** Why the operating system refused, in words; without the path, which the message around it has. */
export function reasonOf(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error
      ? String(error.code)
      : '';
  if (Object.hasOwn(REASONS, code)) return REASONS[code];
  return error instanceof Error ? error.message : String(error);
}

/** True for what the operating system refused, false for a mistake of ours. */
export function isSystemError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}
