import type { CascadeFlag as CoreFlag } from '@callgate/policy';
import type { AccessRow, CascadeFlag } from '@callgate/plugin-callgate-common';
import type { Person } from '../ownership';
import type { ServiceParts } from './ServiceParts';

/** Rows in which each grant says what has become of the things that it names. */
export function withFlags<
  T extends { callers?: AccessRow[]; calls?: AccessRow[] },
>(view: T, flagsOf: (api: string, grantId: string) => CascadeFlag[]): T {
  const flagged = (row: AccessRow): AccessRow => ({
    ...row,
    grants: row.grants.map(grant => {
      const flags = flagsOf(grant.api, grant.id);
      return flags.length > 0 ? { ...grant, flags } : grant;
    }),
  });
  return {
    ...view,
    ...(view.callers && { callers: view.callers.map(flagged) }),
    ...(view.calls && { calls: view.calls.map(flagged) }),
  };
}

/** Whether a flag is about one grant; others are about the API. */
export function isOfGrant(
  flag: CoreFlag,
): flag is Extract<CoreFlag, { grantId: string }> {
  return 'grantId' in flag;
}

/** The entities that flags name and a person owns, if they may ask for anything. */
export async function ownedOf(
  { ownership }: Pick<ServiceParts, 'ownership'>,
  flags: readonly CoreFlag[],
  person: Person,
  mayAsk: boolean,
): Promise<ReadonlySet<string>> {
  const named = flags.flatMap(flag =>
    isOfGrant(flag)
      ? [
          flag.api,
          flag.caller,
          ...(flag.kind === 'caller-gone' && flag.renamedTo !== undefined
            ? [flag.renamedTo]
            : []),
        ]
      : [],
  );
  const refs = [...new Set(named)].filter(ref =>
    /^[a-z]+:[^/]+\/.+$/.test(ref),
  );
  return new Set(
    mayAsk && refs.length > 0 ? await ownership.owned(person, refs) : [],
  );
}
