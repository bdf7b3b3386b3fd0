/**
 * A forge inside the portal: a bare Git repository with pull requests, reviews and merges.
 *
 * @packageDocumentation
 */
export { callgateModuleLocal as default } from './module';
export { LocalForge } from './LocalForge';
