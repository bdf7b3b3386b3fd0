import { matchLabels } from '../../estate/podLabels';
import { Workload } from '../../estate/types';
import { objectName } from '../objectName';
import { podsDiffer } from '../podsDiffer';
import { Condition } from '../types';
import { CompiledAuthorizationPolicy } from './Authorization';
import { ProxyModel } from './ProxyModel';

/** One model for each reading of what nobody stated; usually one. */
export interface ProxyReadings {
  models: readonly ProxyModel[];
  conditions: readonly Condition[];
}

type Policies = readonly CompiledAuthorizationPolicy[];

/**
 * The policies that pods of a workload may have, where some select only some of
 * its pods: enough of all combinations that what every one admits is what all
 * pods admit, and what any one admits what some pod may. ALLOW policies only add to each
 * other, so that one at a time is the narrowest, beside all that refuse.
 */
function combinations(all: Policies, ofSome: Policies): Policies[] {
  const certain = new Set(all.filter(policy => !ofSome.includes(policy)));
  const admitting = ofSome.filter(({ spec }) => spec.action === 'ALLOW');
  const refusing = ofSome.filter(({ spec }) => spec.action !== 'ALLOW');
  const sets = [
    [],
    admitting,
    refusing,
    ...admitting.map(policy => [policy, ...refusing]),
  ];
  return sets.map(set =>
    all.filter(policy => certain.has(policy) || set.includes(policy)),
  );
}

/** The models of a workload's proxies, one for each combination of policies that its pods may have. */
export function replicaReadings(
  workload: Workload,
  policies: Policies,
  model: (policies: Policies) => ProxyModel,
): ProxyReadings {
  const ofSome = workload.varyingLabels
    ? policies.filter(
        ({ spec }) => matchLabels(spec.selector ?? {}, workload) === 'maybe',
      )
    : [];
  if (ofSome.length === 0) return { models: [model(policies)], conditions: [] };
  const models = new Map(
    combinations(policies, ofSome).map(each => {
      const made = model(each);
      return [made.key, made] as const;
    }),
  );
  return {
    models: [...models.values()],
    conditions: ofSome.map(({ ref, spec }) =>
      podsDiffer(workload, objectName(ref), JSON.stringify(spec.selector)),
    ),
  };
}
