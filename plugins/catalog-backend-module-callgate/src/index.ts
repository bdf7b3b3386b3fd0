/**
 * The AccessPolicy kind in the Backstage catalog.
 *
 * @packageDocumentation
 */
export { catalogModuleCallgate as default } from './module';
export * from './processor/AccessPolicyProcessor';
export * from './relations';
