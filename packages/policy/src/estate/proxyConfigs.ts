import { asJson, asLabels } from './json';
import { matchLabels } from './podLabels';
import { groupOf } from './podTemplates';
import { isTaken } from './refusedObjects';
import { TUNNEL_LABEL, setsHbone } from './sendsHbone';
import { KubernetesObject, Labels, ManifestObject } from './types';

const ENABLE = 'ISTIO_META_ENABLE_HBONE';

/** Is the object one of Istio's settings for proxies, which the API server takes? */
export function isProxyConfig(object: KubernetesObject): boolean {
  return (
    object.kind === 'ProxyConfig' &&
    groupOf(object) === 'networking.istio.io' &&
    isTaken(object)
  );
}

/** What a ProxyConfig says about HBONE, in the environment of the proxies. */
export function hboneVariables({ spec }: KubernetesObject): Labels {
  const all = Object.entries(asLabels(asJson(spec).environmentVariables));
  return Object.fromEntries(all.filter(([name]) => name.includes('_HBONE')));
}

/** Labels and annotations of a pod, as far as they decide about HBONE. */
interface PodSettings {
  labels: Labels;
  annotations: Labels;
}

/**
 * ProxyConfigs, as far as they say anything about access: the injector labels pods as taking HBONE where their environment says so
 * (istio `pilot/pkg/model/proxy_config.go`, `EffectiveProxyConfig`; `injection-template.yaml`). One that selects the
 * pod goes before its annotation, and that before those of its namespace and of the root namespace.
 */
export class ProxyConfigs {
  readonly #byNamespace = new Map<string, KubernetesObject[]>();

  constructor(
    objects: readonly ManifestObject[],
    readonly root: string,
    namespaceOf: (object: KubernetesObject) => string,
  ) {
    for (const { object } of objects) {
      if (!isProxyConfig(object)) continue;
      const namespace = namespaceOf(object);
      this.#byNamespace.set(namespace, [
        ...(this.#byNamespace.get(namespace) ?? []),
        object,
      ]);
    }
  }

  /** The pod's settings with what ProxyConfigs add to them. */
  settingsOf(namespace: string, template: PodSettings): PodSettings {
    if (this.#byNamespace.size === 0) return template;
    const { labels, annotations } = template;
    const own = this.#byNamespace.get(namespace) ?? [];
    const hasSelector = ({ spec }: KubernetesObject) =>
      asJson(spec).selector !== undefined && asJson(spec).selector !== null;
    const selecting = own.filter(
      each =>
        hasSelector(each) &&
        matchLabels(asLabels(asJson(asJson(each.spec).selector).matchLabels), {
          podLabels: labels,
        }) === 'yes',
    );
    const around = [own, this.#byNamespace.get(this.root) ?? []].map(level =>
      level.filter(each => !hasSelector(each)),
    );
    // The pod's own annotation stands between the two.
    const levels = setsHbone(annotations)
      ? [selecting]
      : [selecting, ...around];
    const said = levels
      .map(level => level.map(hboneVariables))
      .find(level => level.some(each => Object.keys(each).length > 0));
    if (!said) return template;
    // Where several say different things, the oldest counts, and their ages are not known.
    const isOn = said.every(each => each[ENABLE] === 'true');
    return isOn && labels[TUNNEL_LABEL] === undefined
      ? { annotations, labels: { ...labels, [TUNNEL_LABEL]: 'http' } }
      : {
          labels,
          annotations: {
            ...annotations,
            'proxy.istio.io/config': `${
              annotations['proxy.istio.io/config'] ?? ''
            } ${ENABLE}`,
          },
        };
  }
}
