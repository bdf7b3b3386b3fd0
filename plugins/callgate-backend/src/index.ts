/**
 * The Callgate backend plugin.
 *
 * @packageDocumentation
 */
export { callgatePlugin as default } from './plugin';
export * from './permissions';
