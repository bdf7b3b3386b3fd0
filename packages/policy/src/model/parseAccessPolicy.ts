import { parseRuleRef } from '../approvals/ruleRef';
import { parseServiceRef } from '../approvals/serviceRef';
import { shapeMessage } from '../yaml/shapeMessage';
import { z } from 'zod';
import { formatEntityRef, parseEntityRefText } from '../entityRef';
import { fenced } from '../fence';
import { Finding, finding, FindingCode } from '../findings';
import { SourceFile, SourcePosition } from '../source';
import { accessPolicySchema, IssueParams } from './accessPolicySchema';
import { formatCallerRef, parseCallerRef } from './callerRef';
import { MAX_POLICY_FILE } from './textRules';
import { AccessPolicy, Grant, GrantOperation } from './types';
import { FieldPath, formatFieldPath, YamlSource } from './YamlSource';

/** Fields of the model that a later version will enforce: named, so that nobody believes they already do something. */
const LATER: Record<string, string> = {
  expires: 'Write until with the last day; nothing closes by itself.',
  when: 'Conditions on tokens are not enforced yet.',
};

type Issue = z.core.$ZodIssue;
type Parsed = z.infer<typeof accessPolicySchema>;

function asFieldPath(path: readonly PropertyKey[]): FieldPath {
  return path.map(part => (typeof part === 'number' ? part : String(part)));
}

function shapeFindings(source: YamlSource, issue: Issue): Finding[] {
  const path = asFieldPath(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => {
      const field = [...path, key];
      const later = path.includes('grants') ? LATER[key] : undefined;
      const code: FindingCode = later
        ? 'field-not-supported-yet'
        : 'unknown-field';
      return finding(
        code,
        later
          ? `${formatFieldPath(field)} is not supported yet. ${later}`
          : `${formatFieldPath(field)} is not a field of an AccessPolicy`,
        { at: source.locate(field), objects: [source.file.path] },
      );
    });
  const marked =
    'params' in issue ? (issue.params as IssueParams | undefined) : undefined;
  const place = path.length > 0 ? formatFieldPath(path) : 'the document';
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return [
    finding(
      marked?.finding ?? 'policy-invalid',
      missing ? `${place} is missing` : shapeMessage(place, issue.message),
      { at: source.locate(path), objects: [source.file.path] },
    ),
  ];
}

function toOperation(
  value: Parsed['spec']['grants'][number]['operations'][number],
): GrantOperation {
  if (value.id !== undefined) return { id: value.id };
  if (value.http) return { http: value.http };
  if (value.grpc) return { grpc: value.grpc };
  if (value.udp) return { udp: value.udp };
  if (value.sctp) return { sctp: value.sctp };
  // The schema admits exactly one.
  return { tcp: value.tcp ?? { port: 0 } };
}

/**
 * An AccessPolicy with what there is to say about its text.
 *
 * @public
 */
export interface ParsedAccessPolicy {
  /** absent when there is any error */
  policy?: AccessPolicy;
  findings: Finding[];
  /** where a field of the policy stands; with `policy` only */
  locate?: (path: FieldPath) => SourcePosition;
}

/**
 * Reads one AccessPolicy from the text of a file.
 *
 * References come back in full and in lower case, methods in upper case. Any error means that there is no policy: each
 * finding names file, line, column and field and says what to do. The file must hold exactly one YAML document without
 * anchors.
 *
 * @public
 */
export function parseAccessPolicy(file: SourceFile): ParsedAccessPolicy {
  return fenced(
    () => parse(file),
    reason => ({
      findings: [
        finding(
          'input-unreadable',
          `${file.path} has a form that is not known`,
          {
            at: { file: file.path },
            objects: [file.path],
            data: { reason },
          },
        ),
      ],
    }),
  );
}

function parse(file: SourceFile): ParsedAccessPolicy {
  const objects = [file.path];
  if (file.text.length > MAX_POLICY_FILE)
    return {
      findings: [
        finding(
          'text-too-long',
          `${file.path} has more than ${MAX_POLICY_FILE} characters`,
          {
            at: { file: file.path },
            objects,
          },
        ),
      ],
    };
  const source = YamlSource.parse(file);
  const syntax = source.syntaxError();
  if (syntax)
    return {
      findings: [
        finding('policy-syntax', syntax.message, { at: syntax.at, objects }),
      ],
    };
  let value: unknown;
  try {
    value = source.document.toJS({ maxAliasCount: 0 });
  } catch {
    return {
      findings: [
        finding(
          'policy-syntax',
          'Anchors and aliases are not allowed in an AccessPolicy',
          {
            at: source.locate([]),
            objects,
          },
        ),
      ],
    };
  }
  const parsed = accessPolicySchema.safeParse(value, { reportInput: true });
  if (!parsed.success)
    return {
      findings: parsed.error.issues.flatMap(issue =>
        shapeFindings(source, issue),
      ),
    };
  return resolveReferences(source, parsed.data);
}

function resolveReferences(
  source: YamlSource,
  parsed: Parsed,
): ParsedAccessPolicy {
  const findings: Finding[] = [];
  const { namespace } = parsed.metadata;
  const complain = (code: FindingCode, path: FieldPath, text: string) => {
    findings.push(
      finding(code, `${formatFieldPath(path)} ${text}`, {
        at: source.locate(path),
        objects: [source.file.path],
      }),
    );
  };
  const reference = (
    text: string,
    path: FieldPath,
    kind: string,
    kinds: string[],
  ) => {
    const parts = parseEntityRefText(text, { kind, namespace });
    if (parts && kinds.includes(parts.kind)) return formatEntityRef(parts);
    complain(
      'policy-invalid',
      path,
      `is not a reference to ${kinds.join(
        ' or ',
      )}, such as ${kind}:default/name`,
    );
    return '';
  };
  const owner = reference(parsed.spec.owner, ['spec', 'owner'], 'group', [
    'group',
    'user',
  ]);
  const api = reference(parsed.spec.api, ['spec', 'api'], 'api', ['api']);
  const providers = parsed.spec.providers?.map((text, index) =>
    reference(text, ['spec', 'providers', index], 'component', ['component']),
  );
  const seen = new Set<string>();
  const grants = parsed.spec.grants.map((grant, index): Grant => {
    const path = ['spec', 'grants', index];
    if (seen.has(grant.id))
      complain(
        'duplicate-grant',
        [...path, 'id'],
        `repeats the grant id ${grant.id}`,
      );
    seen.add(grant.id);
    const caller = parseCallerRef(grant.caller, namespace);
    if (!caller)
      complain(
        'policy-invalid',
        [...path, 'caller'],
        'is not a caller: write component:, resource:, system:, domain: or group: with a name, gateway:<namespace>/<name>, cidr:<block>, or self',
      );
    if (grant.members && caller && caller.kind !== 'set')
      complain(
        'policy-invalid',
        [...path, 'members'],
        'is for grants to a system, domain or group: nothing else has members',
      );
    const person = (text: string, field: FieldPath) =>
      reference(text, [...path, ...field], 'user', ['user', 'group']);
    return {
      ...grant,
      ...(grant.requestedBy !== undefined && {
        // A service that asked is no entity.
        requestedBy: parseServiceRef(grant.requestedBy)
          ? grant.requestedBy
          : person(grant.requestedBy, ['requestedBy']),
      }),
      ...(grant.approvedBy && {
        // A rule that approved by itself stands there as no person.
        approvedBy: grant.approvedBy.map((text, at) =>
          parseRuleRef(text) ? text : person(text, ['approvedBy', at]),
        ),
      }),
      caller: caller ? formatCallerRef(caller) : grant.caller,
      ...(grant.ends && {
        ends: {
          caller: [...new Set(grant.ends.caller)].sort(),
          provider: [...new Set(grant.ends.provider)].sort(),
        },
      }),
      operations: grant.operations.map(toOperation),
    };
  });
  if (findings.length > 0) return { findings };
  const { name, title, description, annotations, labels } = parsed.metadata;
  return {
    policy: {
      apiVersion: parsed.apiVersion,
      kind: parsed.kind,
      metadata: {
        name,
        namespace,
        ...(title !== undefined && { title }),
        ...(description !== undefined && { description }),
        ...(annotations && { annotations }),
        ...(labels && { labels }),
      },
      spec: {
        owner,
        api,
        mode: parsed.spec.mode,
        ...(providers && { providers: [...new Set(providers)].sort() }),
        grants,
      },
    },
    findings,
    locate: path => source.locate(path),
  };
}
