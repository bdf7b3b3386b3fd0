import { Match, PodLabels, everyMatch } from '../../estate/podLabels';
import { isJson } from '../../estate/json';
import { compileSelector, Problem } from '../selector';
import type { Subject } from './scope';

/** Whom a `LabelSelector` matches; absent: everybody. One that the API server would not take may match anybody. */
export function labelSelector(raw: unknown): (pods: PodLabels) => Match {
  if (raw === undefined || raw === null) return () => 'yes';
  const problems: Problem[] = [];
  const selector = compileSelector(raw, [], problems);
  if (problems.length > 0) return () => 'maybe';
  return pods => selector.matchesPods(pods);
}

/** Whose namespace it matches. Of a namespace that the estate does not have, nothing but its name is known. */
export function namespaceSelector(raw: unknown): (subject: Subject) => Match {
  const matches = labelSelector(raw);
  const everyone =
    raw === undefined || (isJson(raw) && Object.keys(raw).length === 0);
  return ({ namespaceLabels }) => {
    if (everyone) return 'yes';
    return namespaceLabels ? matches({ podLabels: namespaceLabels }) : 'maybe';
  };
}

/** Pods by a selector of pods and one of namespaces. */
export function podsIn(
  pods: unknown,
  namespaces: unknown,
): (subject: Subject) => Match {
  const ofPods = labelSelector(pods);
  const ofNamespaces = namespaceSelector(namespaces);
  return subject =>
    everyMatch([ofPods(subject.workload), ofNamespaces(subject)]);
}

/** One of these is enough. */
export function someMatch(matches: readonly Match[]): Match {
  if (matches.includes('yes')) return 'yes';
  return matches.includes('maybe') ? 'maybe' : 'no';
}
