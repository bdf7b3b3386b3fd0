import { isTemplate } from '../evaluate/istio/textMatch';
import { Finding } from '../findings';
import { Check, LintedAuthorization } from './LintContext';
import { few, nameOfManifest, notice } from './notice';
import { valuesOf } from './valuesOf';

/** Does the policy refuse by path: a DENY of paths, or an ALLOW of all but some? */
function refusesByPath({ spec }: LintedAuthorization) {
  if (spec.action !== 'DENY' && spec.action !== 'ALLOW') return undefined;
  for (const value of valuesOf(spec)) {
    if (value.name !== 'paths' || value.value === '*') continue;
    if ((spec.action === 'DENY') !== value.isNegative) return value;
  }
  return undefined;
}

function hasTemplate({ spec }: LintedAuthorization): boolean {
  return (
    spec.action === 'ALLOW' &&
    [...valuesOf(spec)].some(
      ({ name, isNegative, value }) =>
        name === 'paths' && !isNegative && isTemplate(value),
    )
  );
}

/** Rules on paths that a request can get around as the mesh normalises paths (docs/semantics.md, H7). */
export const pathNormalization: Check = ({ cluster, authorizations }) => {
  const { pathNormalization: mode } = cluster.profile.mesh;
  if (mode === 'DECODE_AND_MERGE_SLASHES') return [];
  const isGuess = cluster.profile.guesses.includes('mesh.pathNormalization');
  const how = isGuess
    ? `${mode} is assumed, because the platform profile does not state it`
    : `the mesh normalises paths with ${mode}`;
  const findings: Finding[] = [];
  if (mode !== 'MERGE_SLASHES') {
    for (const policy of authorizations) {
      const value = refusesByPath(policy);
      if (!value) continue;
      findings.push(
        notice('path-deny-bypass', {
          manifest: policy.manifest,
          path: value.path,
          text: `refuses by path: ${how}, so that "/${value.value}" or another spelling may reach the same resource and is not refused.`,
        }),
      );
    }
  }
  const templated = authorizations.filter(hasTemplate);
  if (templated.length > 0) {
    const names = templated.map(({ manifest }) => nameOfManifest(manifest));
    findings.push(
      notice('encoded-slash', {
        manifest: templated[0].manifest,
        text: `allows a path segment by {*} or {**}, which an encoded slash passes: ${how}.${
          names.length > 1 ? ` So do ${few(names.slice(1))}.` : ''
        }`,
        others: names,
      }),
    );
  }
  return findings;
};
