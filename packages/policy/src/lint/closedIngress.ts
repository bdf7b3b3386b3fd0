import { asArray, asJson } from '../estate/json';
import { Check } from './LintContext';
import { few, notice } from './notice';

/** Policies with egress rules alone that close ingress too, because they leave `policyTypes` out (Kubernetes: Ingress is always set). */
export const closedIngress: Check = context => {
  const { networkPolicies, cluster } = context;
  const opened = new Set(
    networkPolicies
      .filter(({ spec }) => (spec.ingress ?? []).length > 0)
      .flatMap(({ selected }) => [...selected]),
  );
  return networkPolicies.flatMap(({ manifest, selected }) => {
    const raw = asJson(manifest.object.spec);
    if (raw.policyTypes !== undefined || raw.ingress !== undefined) return [];
    if (asArray(raw.egress).length === 0) return [];
    const shut = [...selected]
      .filter(index => !opened.has(index))
      .map(index => cluster.workloads[index])
      // Who listens on nothing loses nothing.
      .filter(({ containerPorts }) => containerPorts.length > 0)
      .map(({ id }) => id);
    return shut.length === 0
      ? []
      : [
          notice('ingress-closed-too', {
            manifest,
            path: ['spec', 'egress'],
            text: `stands without policyTypes, which then has Ingress in any case: nobody may call ${few(
              shut,
            )}.`,
            others: shut,
            change: [
              { op: 'add', path: ['spec', 'policyTypes'], value: ['Egress'] },
            ],
          }),
        ];
  });
};
