import { Finding, FindingCode, finding } from './findings';

/** What is the same for every grant of an API, and read once. */
const FOLDED: Partial<Record<FindingCode, string>> = {
  'head-not-included': 'HEAD is not granted with GET',
};

/** Grants that a message names; it counts the others. */
const MOST_NAMED = 3;

function folded(found: readonly Finding[], says: string): Finding {
  const [{ code, fix, api, at }] = found;
  const grants = [...new Set(found.flatMap(({ grantId }) => grantId ?? []))];
  const named = grants.slice(0, MOST_NAMED).join(', ');
  const others = grants.length - MOST_NAMED;
  return finding(
    code,
    `${says} in ${grants.length} grants: ${named}${
      others > 0 ? ` and ${others} more` : ''
    }`,
    {
      objects: found.flatMap(({ objects }) => objects),
      ...(fix !== undefined && { fix }),
      ...(api !== undefined && { api }),
      ...(at && { at: { file: at.file } }),
      data: { grants },
    },
  );
}

/**
 * Findings with one for each API in place of one for each of its grants, where
 * all of them say the same; it stands where the first one stood, and has the
 * grants in `data.grants`. For lists of whole APIs: what is about one grant
 * needs the findings as they are.
 *
 * @public
 */
export function oncePerApi(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ code, api, grantId }: Finding) =>
    FOLDED[code] !== undefined && api !== undefined && grantId !== undefined
      ? `${code} ${api}`
      : undefined;
  const groups = new Map<string, Finding[]>();
  for (const each of findings) {
    const key = keyOf(each);
    if (key === undefined) continue;
    const group = groups.get(key) ?? [];
    group.push(each);
    groups.set(key, group);
  }
  return findings.flatMap(each => {
    const group = groups.get(keyOf(each) ?? '') ?? [each];
    if (group.every(({ grantId }) => grantId === each.grantId)) return [each];
    return group[0] === each ? [folded(group, FOLDED[each.code] ?? '')] : [];
  });
}
