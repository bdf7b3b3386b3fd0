import { matchLabels } from '../estate/podLabels';
import { Finding } from '../findings';
import { asJson } from '../estate/json';
import { groupOf } from '../estate/podTemplates';
import { namespaceOf } from '../estate/buildCluster';
import { Labels, ManifestObject, Workload } from '../estate/types';
import { Check, LintContext } from './LintContext';
import { few, nameOfManifest, notice } from './notice';

type Policy = LintContext['world']['peers']['all'][number];

function selects(
  { namespace, selector }: { namespace: string; selector?: Labels },
  workload: Workload,
  root: string,
): boolean {
  if (namespace !== root && workload.namespace !== namespace) return false;
  return matchLabels(selector ?? {}, workload) !== 'no';
}

function meaning({ manifest }: Policy): string {
  const { mtls, portLevelMtls } = asJson(manifest.object.spec);
  return JSON.stringify([asJson(mtls).mode ?? 'UNSET', asJson(portLevelMtls)]);
}

function hasAge({ object }: ManifestObject): boolean {
  return typeof object.metadata.creationTimestamp === 'string';
}

/** Two of one scope that say different things (A11 b): one of them does nothing. */
function disagreements(
  policies: readonly Policy[],
  workloads: readonly Workload[],
  root: string,
): Finding[] {
  const findings: Finding[] = [];
  policies.forEach((policy, index) => {
    const rival = policies.slice(0, index).find(other => {
      const isSameScope =
        other.namespace === policy.namespace &&
        (other.selector === undefined) === (policy.selector === undefined);
      if (!isSameScope || meaning(other) === meaning(policy)) return false;
      if (hasAge(other.manifest) && hasAge(policy.manifest)) return false;
      return (
        !policy.selector ||
        workloads.some(
          each => selects(policy, each, root) && selects(other, each, root),
        )
      );
    });
    if (!rival) return;
    findings.push(
      notice('peer-authentication-order', {
        manifest: policy.manifest,
        text: `and ${nameOfManifest(
          rival.manifest,
        )} are for the same pods and disagree: the older one wins, and the manifests do not say which that is.`,
        others: [nameOfManifest(rival.manifest)],
      }),
    );
  });
  return findings;
}

/** DISABLE for ambient pods: ztunnel goes on taking HBONE, and inherited STRICT has no exceptions (A11 c, d). */
function inAmbient(
  policy: Policy,
  workloads: readonly Workload[],
  root: string,
): Finding[] {
  const ambient = workloads.filter(
    each => each.mesh === 'ambient' && selects(policy, each, root),
  );
  if (ambient.length === 0) return [];
  const ids = ambient.map(({ id }) => id);
  const findings: Finding[] = [];
  if (policy.mode === 'DISABLE') {
    findings.push(
      notice('disable-in-ambient', {
        manifest: policy.manifest,
        path: ['spec', 'mtls', 'mode'],
        text: `is DISABLE: ${few(
          ids,
        )} takes plaintext and mutual TLS, also where STRICT would be inherited.`,
        others: ids,
      }),
    );
  }
  for (const [port, mode] of policy.ports) {
    if (mode !== 'DISABLE' || policy.mode !== undefined) continue;
    findings.push(
      notice('disable-in-ambient', {
        manifest: policy.manifest,
        path: ['spec', 'portLevelMtls', String(port)],
        text: `is DISABLE while mtls.mode is inherited: where STRICT is inherited, ${few(
          ids,
        )} refuses plaintext on port ${port} nevertheless.`,
        fix: 'State mtls.mode STRICT in this policy itself: the exception then holds.',
        others: ids,
      }),
    );
  }
  return findings;
}

/** What PeerAuthentications do besides what they say (docs/semantics.md, A11). */
export const peerAuthentications: Check = ({ cluster, world }) => {
  const root = cluster.profile.mesh.rootNamespace;
  const policies = world.peers.all.filter(
    ({ isValid, manifest }) =>
      isValid && groupOf(manifest.object) === 'security.istio.io',
  );
  return [
    ...disagreements(policies, cluster.workloads, root),
    ...policies
      .filter(
        ({ manifest, selector }) =>
          namespaceOf(manifest.object) !== root || !selector,
      )
      .flatMap(policy => inAmbient(policy, cluster.workloads, root)),
  ];
};
