/**
 * Permissions, API types and the client of the Callgate backend.
 *
 * @packageDocumentation
 */
export * from './schema/openapi/generated/models';
export * from './schema/openapi/generated/apis';
export * from './permissions';
export * from './constants';
export * from './events';
