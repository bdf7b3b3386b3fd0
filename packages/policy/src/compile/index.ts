export * from './types';
export { compile } from './compile';
export { isHeldBack } from './isHeldBack';
export { keepFailed } from './keepFailed';
export { declaredApiOf } from './declaredApiOf';
export {
  apisOfGenerated,
  withGenerated,
  withoutGenerated,
} from './generatedObjects';
export { isGenerated } from '../plan/foreignPolicies';
export { inForceOf, readInForce } from './inForce';
export type { GeneratedFile, InForce } from './inForce';
