import { FindingSeverity } from '../findings';
import { SourcePosition } from '../source';

/**
 * What a guardrail is about.
 *
 * - `edge`: one planned consequence of a grant, workload to workload.
 * - `access`: one entry of effective access, of whatever origin.
 * - `workload`: one workload and whether its doors are open to everybody.
 *
 * @public
 */
export type GuardrailSubject = 'edge' | 'access' | 'workload';

/**
 * When a guardrail is applied: to a draft (nobody has approved yet), to what
 * is about to be proposed, or to what is in the policy repository.
 *
 * @public
 */
export type GuardrailStage = 'draft' | 'proposal' | 'repository';

/**
 * A rule of the platform team: an expression in CEL (Common Expression
 * Language) that must be true for each subject.
 *
 * @public
 */
export interface Guardrail {
  /** unique in its file */
  name: string;
  subject: GuardrailSubject;
  /** what people read when the rule does not hold */
  message: string;
  severity: FindingSeverity;
  /** only subjects for which this is true are asked */
  match?: string;
  /** must be true */
  expression: string;
  at: SourcePosition;
}

/**
 * One subject with its values as CEL sees them: integers are `bigint`.
 *
 * @public
 */
export type GuardrailValues = Readonly<Record<string, unknown>>;
