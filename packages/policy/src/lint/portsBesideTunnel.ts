import { Check } from './LintContext';
import { networkRules } from './networkRules';
import { few, notice } from './notice';

const HBONE = 15008;

/** Ports beside the one of HBONE: whoever may use that one is carried to every port, unless a policy of the mesh says otherwise. */
export const portsBesideTunnel: Check = context => {
  const { authorizations } = context;
  const limited = new Set(
    authorizations
      .filter(({ spec, targets }) => targets.length === 0 && !spec.isDryRun)
      .flatMap(({ workloads }) => workloads),
  );
  return [...networkRules(context)].flatMap(
    ({ policy, direction, ...rule }) => {
      if (direction !== 'ingress') return [];
      const ports = (rule.spec.ports ?? []).filter(
        ({ protocol }) => protocol === 'TCP',
      );
      const hasTunnel = ports.some(
        ({ from, to }) => from === HBONE && (to ?? from) === HBONE,
      );
      const named = ports.flatMap(({ from, name }) =>
        from === HBONE ? [] : [name ?? String(from ?? '')],
      );
      const open = policy.workloads.filter(
        each =>
          each.mesh === 'ambient' && !each.meshIsGuess && !limited.has(each),
      );
      if (!hasTunnel || named.length === 0 || open.length === 0) return [];
      const ids = open.map(({ id }) => id);
      return [
        notice('ports-beside-hbone', {
          manifest: policy.manifest,
          path: [...rule.path, 'ports'],
          text: `names ${few(
            named,
          )} beside ${HBONE}: by ${HBONE} the same callers reach every port of ${few(
            ids,
          )}, and no policy of the mesh limits them.`,
          others: ids,
        }),
      ];
    },
  );
};
