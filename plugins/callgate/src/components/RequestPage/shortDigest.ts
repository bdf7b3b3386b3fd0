/** `5f2c 81d0`: enough of a digest for a person to tell two apart. */
export function shortDigest(digest: string): string {
  const hex = digest.slice(digest.lastIndexOf(':') + 1);
  return [hex.slice(0, 4), hex.slice(4, 8)].filter(Boolean).join(' ');
}
