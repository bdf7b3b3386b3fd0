export { draftFromSearch, draftToSearch, withoutDraft } from './draft';
export type { DraftMode, DraftStart } from './draft';
export { GRANT_KINDS, grantAskToSearch } from './grantAsk';
export type { GrantAsk, GrantKind } from './grantAsk';
export { useDraftInUrl } from './useDraftInUrl';
export { useSittingInUrl } from './useSittingInUrl';
export { useGrantAskInUrl } from './useGrantAskInUrl';
