import { z } from 'zod';
import { hasHiddenCharacters } from '../model/textRules';

const MAX_MESSAGE = 1000;

const line = z
  .string()
  .min(1, 'is empty')
  .max(MAX_MESSAGE, `has more than ${MAX_MESSAGE} characters`)
  .refine(text => !hasHiddenCharacters(text), 'contains control characters');

const example = z.record(z.string(), z.unknown());

const rule = z.strictObject({
  name: z
    .string()
    .max(63, 'has more than 63 characters')
    .regex(
      /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
      'is not a name: use small letters, digits and single - between them',
    ),
  subject: z.enum(['edge', 'access', 'workload']),
  message: line,
  severity: z.enum(['error', 'warning', 'info']).default('error'),
  match: z.string().min(1).optional(),
  expression: z.string().min(1),
  examples: z.strictObject({
    pass: z.array(example).min(1, 'needs at least one example'),
    fail: z.array(example).min(1, 'needs at least one example'),
  }),
});

/**
 * The file of the platform team's rules.
 */
export const guardrailsSchema = z.strictObject({
  apiVersion: z.literal('callgate.dev/v1alpha1'),
  kind: z.literal('Guardrails'),
  metadata: z
    .strictObject({
      name: line,
      title: line.optional(),
      description: line.optional(),
    })
    .optional(),
  spec: z.strictObject({
    rules: z.array(rule).max(500, 'has more than 500 rules'),
  }),
});
