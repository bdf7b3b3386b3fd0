import { z } from 'zod';
import { formatEntityRef, parseEntityRefText } from '../entityRef';

const MAX_COUNT = 10;
const LATER =
  'is not supported yet: say with needs who approves, or leave the rule out';

const count = z
  .number('is not a number')
  .int('is not a whole number')
  .min(1, 'is less than 1')
  .max(MAX_COUNT, `is more than ${MAX_COUNT}`)
  .default(1);

const group = z.string().transform((text, context) => {
  const parts = parseEntityRefText(text, { kind: 'group' });
  if (parts?.kind === 'group') return formatEntityRef(parts);
  context.addIssue({
    code: 'custom',
    message: 'is not a group: write group:default/security',
  });
  return z.NEVER;
});

const need = z.union(
  [
    z.strictObject({
      role: z.enum(['api-owner', 'caller-owner', 'platform']),
      count,
    }),
    z.strictObject({ group, count }),
  ],
  'is neither a role (api-owner, caller-owner, platform) nor a group, with a count from 1 to 10',
);

const example = z.record(z.string(), z.unknown());

const rule = z.strictObject({
  name: z
    .string()
    .max(63, 'has more than 63 characters')
    .regex(
      /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
      'is not a name: use small letters, digits and single - between them',
    ),
  when: z.string().min(1, 'is empty'),
  needs: z.array(need).min(1, 'is empty').max(10, 'has more than 10 entries'),
  examples: z.strictObject({
    hold: z.array(example).min(1, 'needs at least one example'),
    not: z.array(example).min(1, 'needs at least one example'),
  }),
  auto: z.undefined(`auto ${LATER}`).optional(),
});

/** The file of the rules of who approves. */
export const approvalsSchema = z.strictObject({
  apiVersion: z.literal('callgate.dev/v1alpha1'),
  kind: z.literal('Approvals'),
  metadata: z.strictObject({ name: z.string().min(1).max(1000) }).optional(),
  spec: z.strictObject({
    rules: z.array(rule).max(200, 'has more than 200 rules'),
    escalate: z.undefined(`escalate ${LATER}`).optional(),
  }),
});
