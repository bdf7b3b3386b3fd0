import type { DraftGrant } from './draftTypes';

/** As long as an id may be, with room for a number behind it. */
const LONGEST = 55;

/**
 * Ids of grants, in their order: the caller's name, with its clusters where it has several grants, and with kind and namespace
 * where callers of one name differ. The same input gives the same ids.
 */
export function grantIds(
  grants: readonly Pick<DraftGrant, 'caller' | 'in'>[],
): string[] {
  const names = grants.map(({ caller }) => slug(nameOf(caller)));
  const wholes = grants.map(({ caller }) => slug(caller));
  const used = new Set<string>();
  return grants.map((grant, index) => {
    const alike = grants.filter((_, other) => names[other] === names[index]);
    const isOneCaller = alike.every(({ caller }) => caller === grant.caller);
    const base = isOneCaller ? names[index] : wholes[index];
    const several = grants.filter(({ caller }) => caller === grant.caller);
    const wanted =
      several.length > 1 ? slug([base, ...(grant.in ?? [])].join('-')) : base;
    let id = wanted;
    for (let count = 2; used.has(id); count++) id = `${wanted}-${count}`;
    used.add(id);
    return id;
  });
}

function nameOf(caller: string): string {
  return caller.slice(
    Math.max(caller.lastIndexOf('/'), caller.indexOf(':')) + 1,
  );
}

/** Letters, digits and single dashes, beginning with a letter: what a YAML reader takes for text. */
function slug(text: string): string {
  const plain = text
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return /^[A-Za-z]/.test(plain) ? plain : `caller-${plain}`.replace(/-$/, '');
}
