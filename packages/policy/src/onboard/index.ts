export { newcomersNamespace } from './newcomers';
export { ImportBook } from './ImportBook';
export { importChanges } from './importChanges';
export { onboard } from './onboard';
export { nameOfOrigin } from './policyText';
export type {
  AccessChange,
  HandWritten,
  ImportedGrant,
  KeptAccess,
  KeptReason,
  LeftOut,
  ObjectOrigin,
  OnboardedApi,
  OnboardInput,
  Onboarding,
  ProposedCaller,
} from './types';
