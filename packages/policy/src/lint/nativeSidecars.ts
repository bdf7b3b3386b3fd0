import { asArray, asJson, asText, fieldAt } from '../estate/json';
import { isSince } from '../estate/isSince';
import { PodTemplate } from '../estate/podTemplates';
import { Cluster } from '../estate/types';

const PROXY = 'istio-proxy';
const ANNOTATION = 'sidecar.istio.io/nativeSidecar';
const SETTING = 'ENABLE_NATIVE_SIDECARS';

/** The first Istio that injects proxies as init containers where Kubernetes can (its release notes, `ENABLE_NATIVE_SIDECARS`). */
const FIRST = [1, 27] as const;

const named = (list: unknown, name: string) =>
  asArray(list).findIndex(container => asJson(container).name === name);

/** What istiod is told, where its Deployment is in the estate. */
function stated({ objects }: Cluster): string | undefined {
  for (const { object } of objects) {
    const containers = fieldAt(object, 'spec.template.spec.containers');
    if (object.kind !== 'Deployment' || named(containers, 'discovery') < 0)
      continue;
    for (const container of asArray(containers))
      for (const variable of asArray(asJson(container).env))
        if (asJson(variable).name === SETTING)
          return asText(asJson(variable).value) ?? '';
  }
  return undefined;
}

/** How the proxies of pods that run were injected: all in one way, or nobody knows. */
function seen({ objects }: Cluster): boolean | undefined {
  const found = new Set<boolean>();
  for (const { object } of objects) {
    if (object.kind !== 'Pod') continue;
    const { containers, initContainers } = asJson(object.spec);
    if (named(initContainers, PROXY) >= 0) found.add(true);
    else if (
      named(containers, PROXY) >= 0 &&
      // A gateway's proxy is no sidecar.
      asArray(containers).length > 1
    )
      found.add(false);
  }
  return found.size === 1 ? [...found][0] : undefined;
}

/**
 * Does the injector put the proxy before other init containers? Pods that run show it, then istiod's settings and its
 * version say it; `undefined` where it cannot be told, as since 1.27 it depends on the nodes.
 */
export function injectsNatively(cluster: Cluster): boolean | undefined {
  const known = seen(cluster);
  if (known !== undefined) return known;
  const setting = stated(cluster);
  if (setting !== undefined) return setting === 'false' ? false : undefined;
  return isSince(cluster.profile.mesh.istioVersion, FIRST) === false
    ? false
    : undefined;
}

/** Does an init container surely run before the proxy of its pod? */
export function runsBeforeProxy(
  { annotations }: PodTemplate,
  spec: Readonly<Record<string, unknown>>,
  index: number,
  isNative: boolean | undefined,
): boolean {
  const own = named(spec.initContainers, PROXY);
  if (own >= 0) return index < own;
  if (named(spec.containers, PROXY) >= 0) return true;
  const wanted = annotations[ANNOTATION];
  if (wanted === 'true' || wanted === 'false') return wanted === 'false';
  return isNative === false;
}
