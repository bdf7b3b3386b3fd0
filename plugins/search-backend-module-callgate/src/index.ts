/**
 * Who may call what, in the search of the portal.
 *
 * @packageDocumentation
 */
export { searchModuleCallgate as default } from './module';
