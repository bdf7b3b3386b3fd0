export { draftFromSearch, draftToSearch, withoutDraft } from './draft';
export type { DraftMode, DraftStart } from './draft';
export { useDraftInUrl } from './useDraftInUrl';
