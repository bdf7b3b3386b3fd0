import { namespaceOf } from '../estate/buildCluster';
import { asJson, asLabels } from '../estate/json';
import { ManifestObject, Workload } from '../estate/types';
import { validatesTokens } from '../evaluate/istio/requestAuthentications';
import {
  Check,
  hasLabels,
  LintContext,
  LintedAuthorization,
  targetsOf,
} from './LintContext';
import { few, notice } from './notice';
import { valuesOf } from './valuesOf';

const OF_TOKEN = /^(?:requestPrincipals|request\.auth\..*)$/;

function asksForToken(policy: LintedAuthorization): boolean {
  return [...valuesOf(policy.spec)].some(({ name }) => OF_TOKEN.test(name));
}

function inScope(
  { object }: ManifestObject,
  { cluster, workloadsIn }: LintContext,
): readonly Workload[] {
  const namespace = namespaceOf(object);
  const labels = asLabels(
    asJson(asJson(asJson(object.spec).selector)).matchLabels,
  );
  const workloads =
    namespace === cluster.profile.mesh.rootNamespace
      ? cluster.workloads
      : workloadsIn(namespace);
  return workloads.filter(each => hasLabels(each, labels));
}

/** Tokens that are validated and not demanded, and tokens that are demanded and validated by nobody. */
export const tokens: Check = context => {
  const { cluster, authorizations } = context;
  const validating = cluster.objects.filter(({ object }) =>
    validatesTokens(object),
  );
  const asking = authorizations.filter(asksForToken);
  const isTargeted = (manifest: ManifestObject) =>
    targetsOf(manifest).length > 0;
  const demanded = new Set(
    asking.flatMap(({ workloads }) => workloads.map(({ id }) => id)),
  );
  const validated = new Set(
    validating.flatMap(each => inScope(each, context).map(({ id }) => id)),
  );
  return [
    ...validating
      // One for a gateway or waypoint stands beside policies that are for it.
      .filter(each => !isTargeted(each))
      .flatMap(manifest => {
        const open = inScope(manifest, context)
          .map(({ id }) => id)
          .filter(id => !demanded.has(id));
        if (
          open.length === 0 ||
          asking.some(({ targets }) => targets.length > 0)
        )
          return [];
        return [
          notice('token-not-required', {
            manifest,
            text: `refuses tokens that are wrong and demands none: requests without a token reach ${few(
              open,
            )}, for which no policy asks for requestPrincipals.`,
            others: open,
          }),
        ];
      }),
    ...asking
      .filter(
        ({ targets, spec, workloads }) =>
          targets.length === 0 &&
          spec.action === 'ALLOW' &&
          workloads.length > 0 &&
          !validating.some(isTargeted),
      )
      .flatMap(({ manifest, spec, workloads }) => {
        const ids = workloads
          .filter(({ mesh }) => mesh !== 'ambient')
          .map(({ id }) => id)
          .filter(id => !validated.has(id));
        const [first] = [...valuesOf(spec)].filter(
          ({ name, isNegative }) => OF_TOKEN.test(name) && !isNegative,
        );
        return ids.length === 0 || first === undefined
          ? []
          : [
              notice('token-not-validated', {
                manifest,
                path: first.list,
                text: `asks for a token, and no RequestAuthentication validates one for ${few(
                  ids,
                )}: without, no request has any, and what asks for one never matches.`,
                others: ids,
              }),
            ];
      }),
  ];
};
