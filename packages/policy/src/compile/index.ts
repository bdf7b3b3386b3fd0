export * from './types';
export { compile } from './compile';
export { keepFailed } from './keepFailed';
export { declaredApiOf } from './declaredApiOf';
export {
  apisOfGenerated,
  isGenerated,
  withGenerated,
  withoutGenerated,
} from './generatedObjects';
