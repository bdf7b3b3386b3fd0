import { namespaceOf } from '../../estate/buildCluster';
import { groupOf } from '../../estate/podTemplates';
import {
  Cluster,
  ManifestObject,
  Service,
  Waypoint,
  Workload,
} from '../../estate/types';
import { matchLabels } from '../../estate/podLabels';
import { waypointsOf } from '../../estate/waypointLookup';
import type { PolicyDelta } from '../../estate/amendCluster';
import { Finding, finding } from '../../findings';
import { RequestSet } from '../../requestset/RequestSet';
import { objectName } from '../objectName';
import { RuleRef } from '../types';
import { AuthorizationPolicySpec } from './authorizationPolicySpec';
import { parseAuthorizationPolicy } from './parseAuthorizationPolicy';
import {
  RequestAuthentications,
  asksForTokens,
} from './requestAuthentications';
import { isBefore } from './targets';
import { ztunnelPolicy } from './ztunnelPolicy';

/** How the sidecar builds its filters for a port: it reads HTTP, or it does not. */
export type FilterKind = 'http' | 'tcp';

/** An AuthorizationPolicy with its rules compiled. */
export interface CompiledAuthorizationPolicy {
  ref: RuleRef;
  manifest: ManifestObject;
  isValid: boolean;
  namespace: string;
  spec: AuthorizationPolicySpec;
  /** Its place among all policies, for memos. */
  id: number;
  operations: Map<string, RequestSet | 'too-complex'>;
  /** Principals and namespaces are compared as they are written, as ztunnel does (docs/semantics.md, I4). */
  isVerbatim?: boolean;
  /** Nothing before it validates tokens, so that no request has a principal or claims of one. */
  isWithoutTokens?: boolean;
  /** What Istio would say to it. */
  findings: readonly Finding[];
}

/** What tells apart what a proxy makes of policies, for memos. */
export function policiesKey(
  policies: readonly CompiledAuthorizationPolicy[],
): string {
  return policies
    .map(({ id, isWithoutTokens }) => `${id}${isWithoutTokens ? '!' : ''}`)
    .join();
}

const NO_POLICIES: readonly CompiledAuthorizationPolicy[] = [];

function byName(
  { ref: a }: CompiledAuthorizationPolicy,
  { ref: b }: CompiledAuthorizationPolicy,
): number {
  const [first, second] = [a, b].map(
    ({ namespace, name }) => `${namespace}/${name}`,
  );
  return first < second ? -1 : Number(first > second);
}

function isAuthorizationPolicy({ object }: ManifestObject): boolean {
  return (
    object.kind === 'AuthorizationPolicy' &&
    groupOf(object) === 'security.istio.io'
  );
}

function compile(
  manifest: ManifestObject,
  id: number,
): CompiledAuthorizationPolicy {
  const { object } = manifest;
  const namespace = namespaceOf(object);
  const { spec, problems } = parseAuthorizationPolicy(object);
  const ref: RuleRef = {
    kind: 'AuthorizationPolicy',
    namespace,
    name: object.metadata.name,
  };
  const name = objectName(ref);
  return {
    ref,
    manifest,
    namespace,
    spec,
    isValid: problems.length === 0,
    id,
    operations: new Map(),
    findings: problems.map(({ path, message }) => {
      const at = manifest.locate?.(path) ?? manifest.at;
      return finding(
        'invalid-object',
        `${name}: ${at.field ?? path.join('.')} ${message}.`,
        { at, objects: [name] },
      );
    }),
  };
}

/** AuthorizationPolicies of a cluster, by the sidecars that use them. */
export class Authorization {
  readonly policies: readonly CompiledAuthorizationPolicy[];
  readonly #byNamespace: Map<string, readonly CompiledAuthorizationPolicy[]>;
  readonly #converted = new Map<
    CompiledAuthorizationPolicy,
    CompiledAuthorizationPolicy | undefined
  >();
  readonly #automatic = new Map<string, CompiledAuthorizationPolicy>();
  readonly #withoutTokens = new WeakMap<
    CompiledAuthorizationPolicy,
    CompiledAuthorizationPolicy
  >();
  readonly #tokens: RequestAuthentications;
  /** Above the ids of all policies. */
  readonly #nextId: number;

  private constructor(
    readonly cluster: Cluster,
    kept: {
      policies: readonly CompiledAuthorizationPolicy[];
      byNamespace: Map<string, readonly CompiledAuthorizationPolicy[]>;
      nextId: number;
      tokens: RequestAuthentications;
    },
    added: readonly ManifestObject[],
  ) {
    this.#tokens = kept.tokens;
    const policies = added
      .filter(isAuthorizationPolicy)
      .map((manifest, index) => compile(manifest, kept.nextId + index));
    this.#nextId = kept.nextId + policies.length;
    this.#byNamespace = kept.byNamespace;
    const touched = new Map<string, CompiledAuthorizationPolicy[]>();
    for (const policy of policies) {
      const list = touched.get(policy.namespace);
      if (list) list.push(policy);
      else touched.set(policy.namespace, [policy]);
    }
    // In the order of their names, whatever the order of the objects is.
    for (const [namespace, list] of touched)
      this.#byNamespace.set(
        namespace,
        [...(this.#byNamespace.get(namespace) ?? []), ...list].sort(byName),
      );
    this.policies =
      kept.policies.length === 0 ? policies : [...kept.policies, ...policies];
  }

  static of(cluster: Cluster): Authorization {
    return new Authorization(
      cluster,
      {
        policies: [],
        byNamespace: new Map(),
        nextId: 0,
        tokens: new RequestAuthentications(cluster),
      },
      cluster.objects,
    );
  }

  /** The same for the same workloads with other policies. */
  amended({ removed, added }: PolicyDelta): Authorization {
    const gone = new Set(removed);
    const isKept = ({ manifest }: CompiledAuthorizationPolicy) =>
      !gone.has(manifest);
    const byNamespace = new Map(this.#byNamespace);
    for (const namespace of new Set(
      removed.map(({ object }) => namespaceOf(object)),
    ))
      byNamespace.set(
        namespace,
        (byNamespace.get(namespace) ?? []).filter(isKept),
      );
    return new Authorization(
      this.cluster,
      {
        policies: this.policies.filter(isKept),
        byNamespace,
        nextId: this.#nextId,
        tokens: this.#tokens,
      },
      added,
    );
  }

  get findings(): Finding[] {
    return this.policies.flatMap(({ findings }) => findings);
  }

  /**
   * Policies that the workload's sidecar enforces: those of its namespace and
   * of the root namespace whose selector matches its pods (docs/semantics.md, 4.9). AUDIT
   * and dry-run decide nothing; `targetRefs` is for waypoints and gateways.
   */
  of(workload: Workload): CompiledAuthorizationPolicy[] {
    const found = this.inScope(workload).filter(
      ({ spec }) =>
        spec.targets.length === 0 && !spec.isDryRun && spec.action !== 'AUDIT',
    );
    return this.#tokens.mayBeAt(workload)
      ? found
      : found.map(policy => this.withoutTokens(policy));
  }

  /** Also those that the sidecar does not enforce, and those that select some pods only. */
  inScope(workload: Workload): CompiledAuthorizationPolicy[] {
    const root = this.cluster.profile.mesh.rootNamespace;
    const lists = [this.#byNamespace.get(root) ?? []];
    if (workload.namespace !== root)
      lists.push(this.#byNamespace.get(workload.namespace) ?? []);
    return lists.flat().filter(({ spec }) => {
      const { selector } = spec;
      return !selector || matchLabels(selector, workload) !== 'no';
    });
  }

  /**
   * Policies as ztunnel gets them for a workload's pods, also dry-run ones.
   * With `PILOT_AUTO_ALLOW_WAYPOINT_POLICY` istiod adds one that admits the
   * workload's waypoints, and thereby nobody else (istio `ambient/policies.go`).
   */
  ztunnelOf(workload: Workload): CompiledAuthorizationPolicy[] {
    const sent = this.inScope(workload)
      .map(policy => this.converted(policy))
      .filter(policy => policy !== undefined);
    if (!this.cluster.profile.mesh.autoAllowWaypoint) return sent;
    const waypoints = waypointsOf(this.cluster, workload);
    return [...sent, ...waypoints.map(waypoint => this.automatic(waypoint))];
  }

  /**
   * Policies that a waypoint enforces for a Service, or for the addresses of
   * pods: those whose targets name the Service, the waypoint's Gateway, or all
   * waypoints from the root namespace (istio `pilot/pkg/model/policyattachment.go`;
   * docs/semantics.md, A5, A8).
   */
  attachedTo(
    waypoint: Waypoint,
    service: Service | undefined,
  ): CompiledAuthorizationPolicy[] {
    const found = this.targeting(waypoint, service).filter(
      ({ spec }) => !spec.isDryRun && spec.action !== 'AUDIT',
    );
    return this.#tokens.mayBeBefore(waypoint, service)
      ? found
      : found.map(policy => this.withoutTokens(policy));
  }

  /** Also those that decide nothing. */
  targeting(
    waypoint: Waypoint,
    service: Service | undefined,
  ): CompiledAuthorizationPolicy[] {
    const root = this.cluster.profile.mesh.rootNamespace;
    const namespaces = new Set([root, waypoint.namespace]);
    if (service) namespaces.add(service.namespace);
    return [...namespaces]
      .flatMap(namespace => this.#byNamespace.get(namespace) ?? NO_POLICIES)
      .filter(({ namespace, spec: { targets } }) =>
        isBefore({ namespace, targets }, waypoint, service, root),
      )
      .sort(byName);
  }

  /** Policies of a gateway's own: those that target it, and those whose selector matches its pods. */
  ofGateway(
    gateway: string | undefined,
    workload: Workload,
  ): CompiledAuthorizationPolicy[] {
    if (gateway === undefined) return this.of(workload);
    const isTarget = ({ namespace, spec }: CompiledAuthorizationPolicy) =>
      spec.targets.some(
        ({ kind, name }) =>
          kind === 'Gateway' && `${namespace}/${name}` === gateway,
      );
    const targeting = this.policies.filter(
      policy =>
        isTarget(policy) &&
        !policy.spec.isDryRun &&
        policy.spec.action !== 'AUDIT',
    );
    return [
      ...this.of(workload),
      ...(this.#tokens.mayBeAt(workload)
        ? targeting
        : targeting.map(policy => this.withoutTokens(policy))),
    ];
  }

  private withoutTokens(
    policy: CompiledAuthorizationPolicy,
  ): CompiledAuthorizationPolicy {
    if (!asksForTokens(policy.spec)) return policy;
    let known = this.#withoutTokens.get(policy);
    if (!known) {
      known = { ...policy, isWithoutTokens: true };
      this.#withoutTokens.set(policy, known);
    }
    return known;
  }

  private converted(
    policy: CompiledAuthorizationPolicy,
  ): CompiledAuthorizationPolicy | undefined {
    if (!this.#converted.has(policy))
      this.#converted.set(policy, ztunnelPolicy(policy));
    return this.#converted.get(policy);
  }

  private automatic(waypoint: Waypoint): CompiledAuthorizationPolicy {
    let known = this.#automatic.get(waypoint.id);
    if (!known) {
      const { namespace, serviceAccount, at } = waypoint;
      const name = `istio_allow_waypoint_${namespace}_${waypoint.name}`;
      const { trustDomain } = this.cluster.profile.mesh;
      const principal = `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
      known = {
        ref: { kind: 'AuthorizationPolicy', namespace, name },
        manifest: {
          object: {
            apiVersion: 'security.istio.io/v1',
            kind: 'AuthorizationPolicy',
            metadata: { name, namespace },
          },
          at,
        },
        namespace,
        isValid: true,
        spec: {
          action: 'ALLOW',
          isDryRun: false,
          targets: [],
          rules: [
            {
              index: 0,
              from: [[{ name: 'principals', values: [principal] }]],
              when: [],
            },
          ],
        },
        id: this.#nextId + this.#automatic.size,
        operations: new Map(),
        findings: [],
        isVerbatim: true,
      };
      this.#automatic.set(waypoint.id, known);
    }
    return known;
  }
}
