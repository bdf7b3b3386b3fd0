import { Labels } from '../../estate/types';
import { objectAt } from '../fieldShapes';
import { Problem } from '../selector';
import { Path } from './parseRuleFields';

/** What the definition takes at most as the value of a label. */
const LONGEST = 63;

/** `matchLabels` of a workload selector of Istio; it has no expressions. */
export function parseWorkloadSelector(
  raw: unknown,
  path: Path,
  problems: Problem[],
): Labels | undefined {
  if (raw === undefined || raw === null) return undefined;
  const labels: Record<string, string> = {};
  const selector = objectAt(raw, path, problems);
  for (const field of Object.keys(selector)) {
    if (field !== 'matchLabels')
      problems.push({
        path: [...path, field],
        message: 'is no field of a workload selector',
      });
  }
  const at = [...path, 'matchLabels'];
  const stated = objectAt(selector.matchLabels, at, problems);
  for (const [key, value] of Object.entries(stated)) {
    if (
      typeof value !== 'string' ||
      value.length > LONGEST ||
      value.includes('*') ||
      key.includes('*') ||
      key === ''
    ) {
      problems.push({
        path: [...at, key],
        message: 'must be a label without wildcards',
      });
    } else {
      labels[key] = value;
    }
  }
  return labels;
}
