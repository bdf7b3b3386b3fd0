export { callgateTranslationRef, useText } from './translation';
export type { Text } from './translation';
