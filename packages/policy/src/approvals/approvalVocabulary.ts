import { celEnvironment } from '../guardrails/celExpression';
import { CelSchema, ENTITY } from '../guardrails/subjectSchema';
import { fillSubject, Misfit } from '../guardrails/subjectValues';

const TEXTS = 'list<string>';

/** What an expression of a rule may use. */
export const APPROVAL_VARIABLES: Readonly<Record<string, CelSchema>> = {
  api: ENTITY,
  caller: ENTITY,
  request: {
    /** whether anything but reading is asked for, as far as methods tell */
    writes: 'bool',
    /** empty: every method */
    methods: TEXTS,
    operations: TEXTS,
    /** what stays unenforced, and is accepted */
    gaps: TEXTS,
    clusters: TEXTS,
    environments: TEXTS,
    requestedBy: 'string',
    /** `new`, `confirm`, `change`, `renew` or `end` */
    kind: 'string',
    /** how many days it is to last from when it was asked for; 0: no end */
    days: 'int',
  },
};

export const approvalEnvironment = celEnvironment(APPROVAL_VARIABLES);

/** Values of all variables, with what is not said empty. */
export function approvalValues(
  facts: Readonly<Record<string, unknown>>,
  misfits: Misfit[],
): Record<string, unknown> {
  return fillSubject(APPROVAL_VARIABLES, facts, misfits) as Record<
    string,
    unknown
  >;
}
