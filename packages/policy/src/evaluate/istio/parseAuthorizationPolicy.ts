import { fenced } from '../../fence';
import { asArray, asJson, isJson } from '../../estate/json';
import { KubernetesObject } from '../../estate/types';
import { Problem } from '../selector';
import { actionProblems } from './actionProblems';
import {
  AuthorizationPolicySpec,
  AuthorizationRule,
} from './authorizationPolicySpec';
import { dryRunProblems, isDryRun } from './dryRun';
import { parseEntries, parseWhen } from './parseRuleFields';
import { parseTargets } from './parseTargets';
import { parseWorkloadSelector } from './parseWorkloadSelector';

/**
 * Reads a `security.istio.io` AuthorizationPolicy and checks it as the CRD and
 * Istio's validation do (istio `pkg/config/validation`, `pkg/config/security`).
 * A policy with problems must not be used for what it allows.
 */
export function parseAuthorizationPolicy(
  object: KubernetesObject,
): ParsedAuthorizationPolicy {
  return fenced(
    () => parse(object),
    () => ({
      spec: { action: 'DENY', isDryRun: false, targets: [], rules: [] },
      problems: [{ path: ['spec'], message: 'has a form that is not known' }],
    }),
  );
}

interface ParsedAuthorizationPolicy {
  spec: AuthorizationPolicySpec;
  problems: Problem[];
}

function parse(object: KubernetesObject): ParsedAuthorizationPolicy {
  const problems: Problem[] = [];
  const spec = asJson(object.spec);
  for (const field of Object.keys(spec)) {
    if (
      ![
        'selector',
        'targetRef',
        'targetRefs',
        'rules',
        'action',
        'provider',
      ].includes(field)
    ) {
      problems.push({
        path: ['spec', field],
        message: 'is no field of AuthorizationPolicy',
      });
    }
  }
  const action = spec.action ?? 'ALLOW';
  const isAction =
    action === 'ALLOW' ||
    action === 'DENY' ||
    action === 'CUSTOM' ||
    action === 'AUDIT';
  if (!isAction)
    problems.push({
      path: ['spec', 'action'],
      message: 'must be ALLOW, DENY, AUDIT or CUSTOM',
    });
  if (isAction)
    problems.push(
      ...actionProblems(action, spec),
      ...dryRunProblems(object, action),
    );
  const selector = parseWorkloadSelector(
    spec.selector,
    ['spec', 'selector'],
    problems,
  );
  const targets = parseTargets(spec, problems);
  if (targets.length > 0 && selector)
    problems.push({
      path: ['spec', 'selector'],
      message: 'may not stand beside targetRefs',
    });
  if (
    spec.rules !== undefined &&
    spec.rules !== null &&
    !Array.isArray(spec.rules)
  ) {
    problems.push({ path: ['spec', 'rules'], message: 'must be a list' });
  }
  const rules = asArray(spec.rules).map((raw, index): AuthorizationRule => {
    const path = ['spec', 'rules', index];
    if (!isJson(raw)) problems.push({ path, message: 'must be an object' });
    for (const field of Object.keys(asJson(raw))) {
      if (!['from', 'to', 'when'].includes(field))
        problems.push({
          path: [...path, field],
          message: 'is no field of a rule',
        });
    }
    const from = parseEntries(
      asJson(raw).from,
      'source',
      [...path, 'from'],
      problems,
    );
    const to = parseEntries(
      asJson(raw).to,
      'operation',
      [...path, 'to'],
      problems,
    );
    return {
      index,
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      when: parseWhen(asJson(raw).when, [...path, 'when'], problems),
    };
  });
  return {
    spec: {
      action: isAction ? action : 'DENY',
      isDryRun: isDryRun(object),
      ...(selector ? { selector } : {}),
      targets,
      rules,
    },
    problems,
  };
}
