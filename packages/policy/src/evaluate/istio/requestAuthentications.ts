import { namespaceOf } from '../../estate/buildCluster';
import { asArray, asJson, asLabels } from '../../estate/json';
import { matchLabels } from '../../estate/podLabels';
import { groupOf } from '../../estate/podTemplates';
import { isTaken } from '../../estate/refusedObjects';
import {
  Cluster,
  KubernetesObject,
  Labels,
  Service,
  Waypoint,
  Workload,
} from '../../estate/types';
import {
  AuthorizationPolicySpec,
  PolicyTarget,
} from './authorizationPolicySpec';
import { parseTargets } from './parseTargets';
import { isBefore } from './targets';

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

/** Is the object one that validates tokens: taken by the API server, and with a rule? Without a rule it does nothing (istio `policy_applier.go`). */
export function validatesTokens(object: KubernetesObject): boolean {
  return (
    isRequestAuthentication(object) &&
    isTaken(object) &&
    asArray(asJson(object.spec).jwtRules).length > 0
  );
}

/** Is it a RequestAuthentication at all? */
export function isRequestAuthentication(object: KubernetesObject): boolean {
  return (
    object.kind === 'RequestAuthentication' &&
    groupOf(object) === 'security.istio.io'
  );
}

/** For whom a RequestAuthentication is: pods by labels, or the targets that it names instead. */
interface Attachment {
  namespace: string;
  selector: Labels;
  targets: readonly PolicyTarget[];
}

function attachmentOf(object: KubernetesObject): Attachment {
  const spec = asJson(object.spec);
  return {
    namespace: namespaceOf(object),
    selector: asLabels(asJson(spec.selector).matchLabels),
    targets: parseTargets(spec, []),
  };
}

/**
 * Where a RequestAuthentication validates tokens. Where none does, requests
 * have no principal whatever they carry (Istio, AuthorizationPolicy,
 * `requestPrincipals`). A request without a token passes every one of them; what tokens say
 * is not judged, so that a rule that asks for it is conditional. Selectors reach sidecars and gateways, targets waypoints
 * and gateways of the Gateway API (istio `policyattachment.go`, `ShouldAttachPolicy`).
 */
export class RequestAuthentications {
  readonly #byNamespace = new Map<string, Attachment[]>();
  readonly #root: string;

  constructor({ objects, profile }: Cluster) {
    this.#root = profile.mesh.rootNamespace;
    for (const { object } of objects) {
      if (!validatesTokens(object)) continue;
      const attachment = attachmentOf(object);
      const list = this.#byNamespace.get(attachment.namespace);
      if (list) list.push(attachment);
      else this.#byNamespace.set(attachment.namespace, [attachment]);
    }
  }

  /** At a workload's own proxy: a sidecar, or a gateway. */
  mayBeAt(workload: Workload): boolean {
    return this.in(this.#root, workload.namespace).some(each =>
      isAt(each, workload),
    );
  }

  /** At a waypoint, for a Service or for addresses of pods. */
  mayBeBefore(waypoint: Waypoint, service: Service | undefined): boolean {
    return this.in(
      this.#root,
      waypoint.namespace,
      service?.namespace ?? waypoint.namespace,
    ).some(({ namespace, targets }) =>
      isBefore({ namespace, targets }, waypoint, service, this.#root),
    );
  }

  private in(...namespaces: readonly string[]): Attachment[] {
    return [...new Set(namespaces)].flatMap(
      namespace => this.#byNamespace.get(namespace) ?? [],
    );
  }
}

function isAt(
  { namespace, selector, targets }: Attachment,
  workload: Workload,
): boolean {
  if (targets.length === 0) return matchLabels(selector, workload) !== 'no';
  return targets.some(
    ({ kind, name }) =>
      kind === 'Gateway' && `${namespace}/${name}` === workload.gateway,
  );
}

/** Whom a RequestAuthentication is for, among these ends. */
export function validatesFor(
  object: KubernetesObject,
  ends: {
    workload: Workload;
    stops: readonly { waypoint: Waypoint; service?: Service }[];
    root: string;
  },
): boolean {
  const attachment = attachmentOf(object);
  const { namespace } = attachment;
  const isNear =
    namespace === ends.root || namespace === ends.workload.namespace;
  return (
    (isNear && isAt(attachment, ends.workload)) ||
    ends.stops.some(({ waypoint, service }) =>
      isBefore(attachment, waypoint, service, ends.root),
    )
  );
}
