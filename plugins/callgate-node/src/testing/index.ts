/**
 * Tests that every forge module runs on itself.
 *
 * @packageDocumentation
 */
export * from './forgeConformance';
// What signatures of the above mention.
export type * from '../forge/Forge';
export type * from '../git/GitStore';
