/**
 * Whether a version as images are tagged (`1.29.0`, `v1.30-distroless`) is a
 * release or a later one; `undefined` where it cannot be told.
 */
export function isSince(
  version: string | undefined,
  [major, minor]: readonly [major: number, minor: number],
): boolean | undefined {
  const match = /^v?(\d+)\.(\d+)/.exec(version ?? '');
  if (!match) return undefined;
  const [ownMajor, ownMinor] = [Number(match[1]), Number(match[2])];
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
