import { Finding, FindingCode, finding } from './findings';
import { entities, said } from './words';

/** What is the same for every grant of an API, and read once; `fix` is for several callers. */
const FOLDED: Partial<Record<FindingCode, { says: string; fix: string }>> = {
  'head-not-included': {
    says: 'HEAD is not granted with GET',
    fix: 'If one of them sends HEAD, change its grant so that it has HEAD too.',
  },
};

function folded(
  found: readonly Finding[],
  { says, fix }: { says: string; fix: string },
): Finding {
  const [{ code, api, at }] = found;
  const grants = [...new Set(found.flatMap(({ grantId }) => grantId ?? []))];
  const callers = [...new Set(found.map(callerOfFinding))];
  const known = callers.filter(caller => caller !== undefined);
  // Findings that were stored before they said whose they are can only be counted.
  const isKnown = known.length === callers.length;
  return finding(
    code,
    isKnown
      ? said`${says} to ${entities(known)}`
      : `${says} in ${grants.length} grants`,
    {
      objects: found.flatMap(({ objects }) => objects),
      fix,
      ...(api !== undefined && { api }),
      ...(at && { at: { file: at.file } }),
      data: { grants },
    },
  );
}

/**
 * Full entity ref of the caller whose grant a finding of {@link oncePerApi} is about; absent in those that were stored before
 * they said it.
 *
 * @public
 */
export function callerOfFinding({
  data,
}: Pick<Finding, 'data'>): string | undefined {
  return typeof data === 'object' && 'caller' in data
    ? String(data.caller)
    : undefined;
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
    const words = FOLDED[each.code];
    if (!words || group.every(({ grantId }) => grantId === each.grantId))
      return [each];
    return group[0] === each ? [folded(group, words)] : [];
  });
}
