/**
 * The Callgate backend plugin.
 *
 * @packageDocumentation
 */
export { callgatePlugin as default } from './plugin';
export {
  accessRequestConditions,
  accessRequestResourceRef,
  createAccessRequestConditionalDecision,
  type PartyRole,
  type RequestParties,
  type RequestVisibility,
} from './permissions';
