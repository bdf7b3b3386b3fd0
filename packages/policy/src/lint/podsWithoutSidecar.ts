import { namespaceOf } from '../estate/buildCluster';
import { asArray, asJson, asText } from '../estate/json';
import { sidecarByLabels } from '../estate/meshOf';
import { podTemplateOf } from '../estate/podTemplates';
import { Cluster, ManifestObject } from '../estate/types';
import { Check } from './LintContext';
import { nameOfManifest, notice } from './notice';

/** Does a pod run without the proxy that its labels, or those of its namespace, have the injector add? */
function lacksSidecar({ object }: ManifestObject, cluster: Cluster): boolean {
  const template = podTemplateOf(object, cluster.profile);
  const phase = asText(asJson(object.status).phase);
  if (!template?.isLive || template.proxy !== undefined) return false;
  if (template.hostNetwork || phase === 'Succeeded' || phase === 'Failed')
    return false;
  const { isLive: _, ...asWritten } = template;
  const namespace = cluster.namespaces.get(namespaceOf(object));
  return sidecarByLabels(asWritten, namespace?.labels ?? {}) === true;
}

/** Pods with one owner are said once. */
function ownerOf({ object }: ManifestObject): string {
  const [owner] = asArray(object.metadata.ownerReferences).map(asJson);
  const name = asText(owner?.name) ?? object.metadata.name;
  return JSON.stringify([namespaceOf(object), asText(owner?.kind) ?? '', name]);
}

/** Pods that were made before injection was switched on, or past the injector: nothing of the mesh holds for them. */
export const podsWithoutSidecar: Check = ({ cluster }) => {
  const byOwner = new Map<string, ManifestObject[]>();
  for (const manifest of cluster.objects) {
    if (manifest.object.kind !== 'Pod') continue;
    if (!lacksSidecar(manifest, cluster)) continue;
    const owner = ownerOf(manifest);
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), manifest]);
  }
  return [...byOwner.values()].map(pods => {
    const [manifest, ...others] = pods;
    const more =
      others.length > 0 ? `, as do ${others.length} more of its owner` : '';
    return notice('pod-without-sidecar', {
      manifest,
      text: `runs without the sidecar that its labels or its namespace ask for${more}: no policy of the mesh holds for it, and what it calls sees no identity.`,
      others: others.map(nameOfManifest),
    });
  });
};
