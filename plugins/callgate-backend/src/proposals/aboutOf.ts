import type { Confirmation } from './types';

/** What a confirm request is about, as a text: which ends it asks about changes with what runs, this does not. */
export function aboutOf(confirm: Confirmation): string {
  return 'grant' in confirm
    ? `grant ${confirm.grant}`
    : `provider ${confirm.provider}`;
}
