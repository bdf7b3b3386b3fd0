import { RuleRef } from '../types';

/** A rule that could have admitted a call, and what of the call it does not admit: a sentence for each field. */
export interface Candidate {
  object: RuleRef;
  differs: string[];
}
