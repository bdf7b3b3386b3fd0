/**
 * Where an entity was registered, for people. Where a file is on the disk of a portal is nobody's business who reads of it, and
 * differs from one portal to the next: of a file the last folder and the name are left.
 */
export function placeText(place: string): string {
  const file = /^file:.*?([^/\\]+[/\\])?([^/\\]+)$/.exec(place);
  return file ? `…/${file[1] ?? ''}${file[2]}` : place;
}
