import { KubernetesObject } from '../../estate/types';
import { Problem } from '../selector';

const DRY_RUN = 'istio.io/dry-run';

/** Texts that Go's `strconv.ParseBool` takes, as istiod reads the annotation. */
const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

/** Does the policy only record what it would do? */
export function isDryRun({ metadata }: KubernetesObject): boolean {
  return TRUE.includes(metadata.annotations?.[DRY_RUN] ?? '');
}

/**
 * What is wrong with the annotation: only AuthorizationPolicies that allow or
 * deny take it (istio `pkg/config/validation`, `checkDryRunAnnotation`).
 *
 * @param action - of an AuthorizationPolicy; absent: another kind
 */
export function dryRunProblems(
  { metadata }: KubernetesObject,
  action?: string,
): Problem[] {
  const value: unknown = metadata.annotations?.[DRY_RUN];
  if (value === undefined) return [];
  const path = ['metadata', 'annotations', DRY_RUN];
  if (action !== 'ALLOW' && action !== 'DENY')
    return [
      {
        path,
        message: 'is taken by AuthorizationPolicies that allow or deny only',
      },
    ];
  return [...TRUE, ...FALSE].some(known => known === value)
    ? []
    : [{ path, message: `${JSON.stringify(value)} is neither true nor false` }];
}
