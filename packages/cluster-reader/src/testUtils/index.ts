/**
 * An API server for tests.
 *
 * @packageDocumentation
 */
export { ApiStub, type Refusal } from './ApiStub';
export { CORE, object, ownedBy, served } from './objects';
export type { ServedKind } from '../api/discover';
export type { Json } from '../json';
