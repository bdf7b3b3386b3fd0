import { parseServiceRef } from '@callgate/policy';

/**
 * Who asks where Callgate itself does. It is no entity reference, so no user has it, and everybody who owns the API may
 * decide.
 */
export const CALLGATE_ACTOR = 'callgate';

/** How somebody is called who acts and is no entity of the catalog: Callgate, or a service; `undefined` for people. */
export function programName(ref: string): string | undefined {
  if (ref === CALLGATE_ACTOR) return 'Callgate';
  const asked = parseServiceRef(ref);
  return asked && `the service ${asked.service}`;
}
