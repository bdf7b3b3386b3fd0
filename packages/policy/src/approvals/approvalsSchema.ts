import { z } from 'zod';
import { formatEntityRef, parseEntityRefText } from '../entityRef';

const MAX_COUNT = 10;
const MAX_RULES = 200;
const MAX_DAYS = 3650;
const HOURS = { h: 1, d: 24 } as const;

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
      role: z.enum(['api-owner', 'caller-owner', 'platform', 'security']),
      count,
    }),
    z.strictObject({ group, count }),
  ],
  'is neither a role (api-owner, caller-owner, platform, security) nor a group, with a count from 1 to 10',
);

const days = z
  .number('is not a number of days')
  .int('is not a whole number of days')
  .min(1, 'is less than 1 day')
  .max(MAX_DAYS, `is more than ${MAX_DAYS} days`);

/** How often what a rule is about is reviewed, such as `180d`, in days. */
const interval = z
  .string('is not a time: write days such as 180d')
  .transform((text, context) => {
    const match = /^([1-9][0-9]{0,3})d$/.exec(text);
    const number = Number(match?.[1]);
    if (match && number <= MAX_DAYS) return number;
    context.addIssue({
      code: 'custom',
      message: match
        ? `is more than ${MAX_DAYS} days`
        : 'is not a number of days: write it such as 180d',
    });
    return z.NEVER;
  });

const example = z.record(z.string(), z.unknown());

const rule = z
  .strictObject({
    name: z
      .string()
      .max(63, 'has more than 63 characters')
      .regex(
        /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
        'is not a name: use small letters, digits and single - between them',
      ),
    when: z.string().min(1, 'is empty'),
    needs: z
      .array(need)
      .min(1, 'is empty')
      .max(10, 'has more than 10 entries')
      .optional(),
    auto: z
      .literal(true, 'is not true: leave it out where somebody has to approve')
      .optional(),
    maxDays: days.optional(),
    defaultDays: days.optional(),
    reviewEvery: interval.optional(),
    examples: z.strictObject({
      hold: z.array(example).min(1, 'needs at least one example'),
      not: z.array(example).min(1, 'needs at least one example'),
    }),
  })
  .superRefine(
    ({ needs, auto, maxDays, defaultDays, reviewEvery }, context) => {
      const complain = (path: string[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      if (needs && auto)
        complain(
          ['auto'],
          'contradicts needs: write two rules, or one of them',
        );
      if (
        !needs &&
        !auto &&
        maxDays === undefined &&
        defaultDays === undefined &&
        reviewEvery === undefined
      )
        complain(
          [],
          'asks for nothing: write needs, auto: true, maxDays, defaultDays or reviewEvery',
        );
      if (
        maxDays !== undefined &&
        defaultDays !== undefined &&
        defaultDays > maxDays
      )
        complain(['defaultDays'], 'is more than maxDays');
    },
  );

/** A time such as `2d` or `36h`, in hours. */
const duration = z.string().transform((text, context) => {
  const match = /^([1-9][0-9]{0,3})([dh])$/.exec(text);
  if (match) return Number(match[1]) * HOURS[match[2] as keyof typeof HOURS];
  context.addIssue({
    code: 'custom',
    message: 'is not a time: write days such as 2d, or hours such as 36h',
  });
  return z.NEVER;
});

const escalate = z
  .strictObject({
    remind: duration.optional(),
    after: duration.optional(),
    to: group.optional(),
  })
  .superRefine(({ remind, after, to }, context) => {
    const complain = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (after !== undefined && to === undefined)
      complain(['to'], 'is missing: say with after which group hears of it');
    if (to !== undefined && after === undefined)
      complain(['after'], 'is missing: say with to when the group hears of it');
    if (remind === undefined && after === undefined && to === undefined)
      complain([], 'is empty: write remind, or after and to');
    if (remind !== undefined && after !== undefined && remind >= after)
      complain(['remind'], 'is not before after');
  });

/** Rules of who approves, wherever they are written. */
export const approvalRulesSchema = z
  .array(rule)
  .max(MAX_RULES, `has more than ${MAX_RULES} rules`);

/** The file of the rules of who approves. */
export const approvalsSchema = z.strictObject({
  apiVersion: z.literal('callgate.dev/v1alpha1'),
  kind: z.literal('Approvals'),
  metadata: z.strictObject({ name: z.string().min(1).max(1000) }).optional(),
  spec: z.strictObject({
    rules: approvalRulesSchema,
    escalate: escalate.optional(),
  }),
});
