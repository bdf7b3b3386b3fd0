import { namespaceOf } from '../../estate/buildCluster';
import { asJson, asLabels } from '../../estate/json';
import { matchLabels } from '../../estate/podLabels';
import { groupOf } from '../../estate/podTemplates';
import {
  Cluster,
  Labels,
  Service,
  Waypoint,
  Workload,
} from '../../estate/types';
import { AuthorizationPolicySpec } from './authorizationPolicySpec';

const OF_TOKEN = /^(requestPrincipals|request\.auth\..*)$/;

/** Is it a field that only a validated token fills? */
export function isOfToken(name: string): boolean {
  return OF_TOKEN.test(name);
}

/** Does a rule look at what tokens say? */
export function asksForTokens({ rules }: AuthorizationPolicySpec): boolean {
  return rules.some(({ from, when }) =>
    [...(from ?? []).flat(), ...when].some(({ name }) => isOfToken(name)),
  );
}

/**
 * Where a RequestAuthentication may validate tokens. Where none does, requests
 * have no principal whatever they carry (Istio, AuthorizationPolicy,
 * `requestPrincipals`). One that is near counts, also if Istio would reject it.
 */
export class RequestAuthentications {
  readonly #byNamespace = new Map<string, Labels[]>();
  readonly #root: string;

  constructor({ objects, profile }: Cluster) {
    this.#root = profile.mesh.rootNamespace;
    for (const { object } of objects) {
      if (
        object.kind !== 'RequestAuthentication' ||
        groupOf(object) !== 'security.istio.io'
      )
        continue;
      const namespace = namespaceOf(object);
      const selector = asLabels(
        asJson(asJson(object.spec).selector).matchLabels,
      );
      const list = this.#byNamespace.get(namespace);
      if (list) list.push(selector);
      else this.#byNamespace.set(namespace, [selector]);
    }
  }

  /** At a workload's own proxy. */
  mayBeAt(workload: Workload): boolean {
    return [this.#root, workload.namespace].some(namespace =>
      this.#byNamespace
        .get(namespace)
        ?.some(selector => matchLabels(selector, workload) !== 'no'),
    );
  }

  /** At a waypoint, for a Service or for addresses of pods. */
  mayBeBefore(waypoint: Waypoint, service: Service | undefined): boolean {
    return [this.#root, waypoint.namespace, service?.namespace].some(
      namespace => namespace !== undefined && this.#byNamespace.has(namespace),
    );
  }
}
