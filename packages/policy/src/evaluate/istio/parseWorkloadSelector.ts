import { asJson } from '../../estate/json';
import { Labels } from '../../estate/types';
import { Problem } from '../selector';
import { Path } from './parseRuleFields';

/** `matchLabels` of a workload selector of Istio; it has no expressions. */
export function parseWorkloadSelector(
  raw: unknown,
  path: Path,
  problems: Problem[],
): Labels | undefined {
  if (raw === undefined || raw === null) return undefined;
  const labels: Record<string, string> = {};
  for (const field of Object.keys(asJson(raw))) {
    if (field !== 'matchLabels')
      problems.push({
        path: [...path, field],
        message: 'is no field of a workload selector',
      });
  }
  for (const [key, value] of Object.entries(asJson(asJson(raw).matchLabels))) {
    if (
      typeof value !== 'string' ||
      value.includes('*') ||
      key.includes('*') ||
      key === ''
    ) {
      problems.push({
        path: [...path, 'matchLabels', key],
        message: 'must be a label without wildcards',
      });
    } else {
      labels[key] = value;
    }
  }
  return labels;
}
