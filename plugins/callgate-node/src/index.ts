/**
 * Extension points of the Callgate backend, and the Git objects that forge modules share.
 *
 * @packageDocumentation
 */
export * from './approval';
export * from './estate';
export * from './forge';
export * from './git';
