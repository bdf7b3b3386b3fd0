import { finding, Finding, FindingCode, FindingSeverity } from '../findings';
import { CompiledGuardrail, summaryOf } from './parseGuardrails';
import { SUBJECT_SCHEMAS } from './subjectSchema';
import { fillSubject, Misfit } from './subjectValues';
import { GuardrailStage, GuardrailSubject } from './types';
import { said, type Words } from '../words';

const CODES: Record<FindingSeverity, FindingCode> = {
  error: 'guardrail-refused',
  warning: 'guardrail-warning',
  info: 'guardrail-notice',
};

/** A subject to be asked, with what a finding about it names. */
export interface Asked {
  /** what people read: `shop/Deployment/checkout to shop/Deployment/orders` */
  about: Words;
  facts: Record<string, unknown>;
  objects: readonly string[];
  api?: string;
  grantId?: string;
}

/**
 * Asks one rule about one subject. A rule that cannot be decided for it
 * refuses: what is not known to hold does not hold.
 */
export function ask(
  { guardrail, passes }: CompiledGuardrail,
  stage: GuardrailStage,
  asked: Asked,
): Finding | undefined {
  const { subject, name, severity, message } = guardrail;
  let undecided = '';
  try {
    const values = { stage, [subject]: valuesOf(subject, asked.facts) };
    if (passes(values)) return undefined;
  } catch (error) {
    undecided = ` (the rule cannot be decided here: ${summaryOf(error)})`;
  }
  return finding(
    CODES[severity],
    said`${name}: ${message}: ${asked.about}${undecided}`,
    {
      objects: asked.objects,
      at: guardrail.at,
      ...(asked.api !== undefined && { api: asked.api }),
      ...(asked.grantId !== undefined && { grantId: asked.grantId }),
      data: { rule: name, subject },
    },
  );
}

function valuesOf(
  subject: GuardrailSubject,
  facts: Record<string, unknown>,
): unknown {
  const misfits: Misfit[] = [];
  const values = fillSubject(SUBJECT_SCHEMAS[subject], facts, misfits);
  if (misfits.length > 0)
    throw new Error(
      misfits
        .map(({ path, problem }) => `${path.join('.')} ${problem}`)
        .join('; '),
    );
  return values;
}
