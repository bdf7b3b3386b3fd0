/**
 * Actions with which models and scripts read, preview and ask for access.
 *
 * @packageDocumentation
 */
export { callgateModuleActions as default } from './module';
