export * from './answerTypes';
export * from './grantTypes';
export * from './types';
export { accessTo, apiProviders } from './accessTo';
export { accessOf } from './accessOf';
export { apiServicePorts, explainAccess } from './explainAccess';
export type {
  ApiServicePort,
  AskedCall,
  CallUnclear,
  ExplainedAccess,
  ExplainedPair,
} from './explainAccess';
export { grantedOperations, inOrderOf, shortService } from './operations';
export type { NamedOperation } from './operations';
export { weakestOf } from './layers';
export { classOfCut, whoIsCut } from './whoIsCut';
export type { CutOff } from './whoIsCut';
export { describeApiAccess, NOT_ENOUGH } from './describeApiAccess';
export { nothingIsClosed } from './nothingIsClosed';
