import { SourcePosition } from '../../source';
import { FoundValue } from '../types';
import { FoundField } from './Evidence';

/** A field of which profile and objects, or objects alone, say different things, and what is used of it. */
export interface Contradiction {
  field: FoundField;
  /** What the profile states; absent where objects contradict each other. */
  stated?: { value: unknown; at: SourcePosition };
  /** What objects say, those that say something else than the profile. */
  found: FoundValue[];
  used: {
    value: unknown;
    /** `found` only where that is the stricter one; `default` where objects contradict each other. */
    by: 'stated' | 'found' | 'default';
    /** True where verdicts that rest on it are conditional. */
    isInDoubt: boolean;
  };
}
