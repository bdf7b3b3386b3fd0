import { z } from 'zod';
import { parseDay } from './day';
import { parsePathPattern } from './pathPattern';
import { parsePinnedEnd } from './pinnedEnd';
import { hasHiddenCharacters, MAX_TEXT } from './textRules';

/** Marks an issue with the finding that it becomes. */
export interface IssueParams {
  finding: 'path-not-expressible' | 'text-too-long' | 'text-not-printable';
}

const params = (finding: IssueParams['finding']) => ({ finding });

const prose = z.string().superRefine((text, context) => {
  if (text.length > MAX_TEXT)
    context.addIssue({
      code: 'custom',
      message: `has ${text.length} characters; at most ${MAX_TEXT} are allowed`,
      params: params('text-too-long'),
    });
  if (hasHiddenCharacters(text))
    context.addIssue({
      code: 'custom',
      message: 'contains control characters',
      params: params('text-not-printable'),
    });
});

const name = (what: string, max: number) =>
  z
    .string()
    .max(max, `has more than ${max} characters`)
    .regex(
      /^[A-Za-z0-9]+(?:[-_.]+[A-Za-z0-9]+)*$/,
      `is not ${what}: use letters, digits and single - _ . between them`,
    );

const path = z.string().superRefine((text, context) => {
  const parsed = parsePathPattern(text);
  if ('problem' in parsed)
    context.addIssue({
      code: 'custom',
      message: parsed.problem,
      params: params('path-not-expressible'),
    });
});

// RFC 9110 token. Methods are compared case-sensitively by Envoy; they are written in upper case when parsed.
const method = z
  .string()
  .regex(
    /^(?:\*|[A-Za-z][A-Za-z0-9!#$%&'+.^_`|~-]*)$/,
    'is not an HTTP method (write * for every method)',
  )
  .transform(text => text.toUpperCase());

const port = z.number().int().min(1).max(65535);

const operation = z
  .strictObject({
    id: z.string().min(1).max(500).optional(),
    http: z
      .strictObject({
        methods: z.array(method).min(1),
        paths: z.array(path).min(1),
      })
      .optional(),
    grpc: z
      .strictObject({
        service: z
          .string()
          .regex(
            /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/,
            'is not the full name of a gRPC service, such as shop.Orders',
          ),
        methods: z
          .array(
            z
              .string()
              .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a gRPC method name'),
          )
          .min(1)
          .optional(),
      })
      .optional(),
    tcp: z.strictObject({ port }).optional(),
    udp: z.strictObject({ port }).optional(),
    sctp: z.strictObject({ port }).optional(),
  })
  .superRefine((value, context) => {
    const given = Object.values(value).filter(part => part !== undefined);
    if (given.length !== 1)
      context.addIssue({
        code: 'custom',
        message: 'needs exactly one of id, http, grpc, tcp, udp, sctp',
      });
  });

const pinnedEnd = z.string().superRefine((text, context) => {
  if (!parsePinnedEnd(text))
    context.addIssue({
      code: 'custom',
      message:
        'is not an end: write <cluster>:<namespace>/sa/<service account>, with ?<label>=<value>&… where the account is shared, or cidr:<block>',
    });
});

const lastDay = z.string().superRefine((text, context) => {
  const read = parseDay(text);
  if ('problem' in read)
    context.addIssue({ code: 'custom', message: read.problem });
});

const grant = z.strictObject({
  id: name('a grant id', 63),
  caller: z.string().min(1).max(300),
  in: z.array(name('a cluster or environment', 63)).min(1).optional(),
  operations: z.array(operation).min(1).max(1000),
  reason: prose.optional(),
  requestedBy: z.string().max(300).optional(),
  approvedBy: z.array(z.string().max(300)).optional(),
  request: name('a request id', 100).optional(),
  until: lastDay.optional(),
  breakGlass: z.literal(true).optional(),
  acknowledges: z
    .array(
      z.enum([
        'method-not-enforced',
        'identity-not-enforced',
        'shared-service-account',
      ]),
    )
    .optional(),
  ends: z
    .strictObject({
      caller: z.array(pinnedEnd).max(5000),
      provider: z.array(pinnedEnd).max(5000),
    })
    .optional(),
  members: z.literal('follow').optional(),
});

/**
 * The shape of an AccessPolicy file. What a shape cannot say (references, duplicates) `parseAccessPolicy` checks.
 *
 * @public
 */
export const accessPolicySchema = z.strictObject({
  apiVersion: z.literal('callgate.dev/v1alpha1'),
  kind: z.literal('AccessPolicy'),
  metadata: z.strictObject({
    name: name('an entity name', 63),
    namespace: name('an entity namespace', 63).default('default'),
    title: prose.optional(),
    description: prose.optional(),
    annotations: z.record(z.string(), z.string()).optional(),
    labels: z.record(z.string(), z.string()).optional(),
    tags: z.array(z.string()).optional(),
    links: z.array(z.record(z.string(), z.string())).optional(),
  }),
  spec: z.strictObject({
    owner: z.string().min(1).max(300),
    api: z.string().min(1).max(300),
    mode: z.enum(['observe', 'audit', 'enforce']),
    providers: z.array(z.string().min(1).max(300)).max(100).optional(),
    grants: z.array(grant).max(5000),
  }),
});
