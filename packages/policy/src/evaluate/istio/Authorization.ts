import { namespaceOf } from '../../estate/buildCluster';
import { groupOf } from '../../estate/podTemplates';
import { Cluster, ManifestObject, Workload } from '../../estate/types';
import { Finding, finding } from '../../findings';
import { RequestSet } from '../../requestset/RequestSet';
import { objectName } from '../networkpolicy/kernel';
import { RuleRef } from '../types';
import { AuthorizationPolicySpec } from './authorizationPolicySpec';
import { parseAuthorizationPolicy } from './parseAuthorizationPolicy';

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
}

/** AuthorizationPolicies of a cluster, by the sidecars that use them. */
export class Authorization {
  readonly findings: Finding[] = [];
  readonly policies: readonly CompiledAuthorizationPolicy[];
  readonly #byNamespace = new Map<string, CompiledAuthorizationPolicy[]>();

  constructor(readonly cluster: Cluster) {
    const policies: CompiledAuthorizationPolicy[] = [];
    for (const manifest of cluster.objects) {
      const { object } = manifest;
      if (
        object.kind !== 'AuthorizationPolicy' ||
        groupOf(object) !== 'security.istio.io'
      )
        continue;
      const namespace = namespaceOf(object);
      const { spec, problems } = parseAuthorizationPolicy(object);
      const ref: RuleRef = {
        kind: 'AuthorizationPolicy',
        namespace,
        name: object.metadata.name,
      };
      for (const { path, message } of problems) {
        const at = manifest.locate?.(path) ?? manifest.at;
        this.findings.push(
          finding(
            'invalid-object',
            `${objectName(ref)}: ${at.field ?? path.join('.')} ${message}.`,
            {
              at,
              objects: [objectName(ref)],
            },
          ),
        );
      }
      const policy: CompiledAuthorizationPolicy = {
        ref,
        manifest,
        namespace,
        spec,
        isValid: problems.length === 0,
        id: policies.length,
        operations: new Map(),
      };
      policies.push(policy);
      const list = this.#byNamespace.get(namespace);
      if (list) list.push(policy);
      else this.#byNamespace.set(namespace, [policy]);
    }
    this.policies = policies;
  }

  /**
   * Policies that the workload's sidecar enforces: those of its namespace and
   * of the root namespace whose selector matches its pods (design 4.9). AUDIT
   * and dry-run decide nothing; `targetRefs` is for waypoints and gateways.
   */
  of(workload: Workload): CompiledAuthorizationPolicy[] {
    return this.inScope(workload).filter(
      ({ spec }) =>
        spec.targets.length === 0 && !spec.isDryRun && spec.action !== 'AUDIT',
    );
  }

  /** Also those that the sidecar does not enforce. */
  inScope(workload: Workload): CompiledAuthorizationPolicy[] {
    const root = this.cluster.profile.mesh.rootNamespace;
    const lists = [this.#byNamespace.get(root) ?? []];
    if (workload.namespace !== root)
      lists.push(this.#byNamespace.get(workload.namespace) ?? []);
    return lists.flat().filter(({ spec }) => {
      for (const key in spec.selector) {
        if (workload.podLabels[key] !== spec.selector[key]) return false;
      }
      return true;
    });
  }
}
