export { GRANT_KINDS, type GrantKind } from './GrantMenu';
export { useGrantAsks } from './useGrantAsks';
