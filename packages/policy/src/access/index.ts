export * from './answerTypes';
export * from './grantTypes';
export * from './types';
export { accessTo, apiProviders } from './accessTo';
export { accessOf } from './accessOf';
export { grantedOperations } from './operations';
export type { NamedOperation } from './operations';
export { weakestOf } from './layers';
