/**
 * Who asks where Callgate itself does. It is no entity reference, so no user has it, and everybody who owns the API may
 * decide.
 */
export const CALLGATE_ACTOR = 'callgate';
