export * from './answerTypes';
export * from './grantTypes';
export * from './types';
export { accessTo } from './accessTo';
export { accessOf } from './accessOf';
export { grantedOperations } from './operations';
