/**
 * Template actions that preview and ask for access.
 *
 * @packageDocumentation
 */
export { scaffolderModuleCallgate as default } from './module';
