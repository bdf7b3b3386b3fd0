/**
 * Extension points of the Callgate backend, its REST for other plugins, and the Git objects that forge modules share.
 *
 * @packageDocumentation
 */
export * from './approval';
export * from './client';
export * from './estate';
export * from './forge';
export * from './git';
