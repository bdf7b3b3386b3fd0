import { Cluster } from '../estate/types';
import { Finding } from '../findings';
import { AccessPolicy, CatalogEntity, Grant } from '../model/types';
import { CatalogIndex } from '../plan/CatalogIndex';
import { Edge, Plan } from '../plan/types';
import { ask, Asked } from './guardrailFinding';
import { CompiledGuardrail } from './parseGuardrails';
import { endFacts, entityFacts } from './subjectFacts';
import { GuardrailStage } from './types';
import { detail, entity as entityName, said } from '../words';

/**
 * Planned edges with the declarations that they come from.
 *
 * @public
 */
export interface PlannedEdges {
  plan: Pick<Plan, 'edges'>;
  policies: readonly { policy: AccessPolicy }[];
  catalog: readonly CatalogEntity[];
  clusters: readonly Cluster[];
  /** What to take one grant for that nobody has approved yet. */
  pretend?: PretendedGrant;
}

/**
 * What a draft's grant would say of who asked and approved, to learn what the
 * rules would make of it.
 *
 * @public
 */
export interface PretendedGrant {
  api: string;
  grantId: string;
  approvedBy: readonly string[];
  request?: string;
  requestedBy?: string;
}

function grantKey(api: string, grantId: string): string {
  return `${api} ${grantId}`;
}

function grantsOf({
  policies,
  pretend,
}: Pick<PlannedEdges, 'policies' | 'pretend'>): Map<string, Grant> {
  const grants = new Map(
    policies.flatMap(({ policy }) =>
      policy.spec.grants.map(
        grant => [grantKey(policy.spec.api, grant.id), grant] as const,
      ),
    ),
  );
  const key = pretend && grantKey(pretend.api, pretend.grantId);
  const draft = key && grants.get(key);
  if (key && draft) {
    const { api, grantId, ...known } = pretend;
    grants.set(key, {
      ...draft,
      ...known,
      approvedBy: [...pretend.approvedBy],
    });
  }
  return grants;
}

function grantFacts(edge: Edge, grant: Grant | undefined) {
  return {
    id: edge.grantId,
    caller: edge.declaredCaller,
    reason: grant?.reason ?? '',
    request: grant?.request ?? '',
    requestedBy: grant?.requestedBy ?? '',
    approvedBy: grant?.approvedBy ?? [],
    in: grant?.in ?? [],
  };
}

/** All methods or paths of an edge; none where some entry has none, which means all. */
function unionOf(parts: readonly (readonly string[])[]): string[] {
  return parts.some(part => part.length === 0)
    ? []
    : [...new Set(parts.flat())].sort();
}

/**
 * Asks the rules about planned edges. A rule that several edges of one grant
 * break is one finding, with all their ends.
 *
 * @public
 */
export function checkPlannedEdges(
  guardrails: readonly CompiledGuardrail[],
  stage: GuardrailStage,
  { plan, policies, catalog, clusters, pretend }: PlannedEdges,
): Finding[] {
  const rules = guardrails.filter(
    ({ guardrail }) => guardrail.subject === 'edge',
  );
  if (rules.length === 0) return [];
  const index = CatalogIndex.of(catalog);
  const grants = grantsOf({ policies, pretend });
  const known = new Map(
    clusters.map(cluster => [
      cluster.name,
      {
        cluster,
        workloads: new Map(cluster.workloads.map(each => [each.id, each])),
      },
    ]),
  );
  const askedOf = (edge: Edge): Asked => {
    const { cluster, workloads = new Map() } = known.get(edge.cluster) ?? {};
    const entity = (ref: string) => entityFacts(ref, index.get(ref), index);
    const http = edge.http ?? [];
    return {
      about: said`${entityName(edge.caller)} calls ${entityName(
        edge.api,
      )}${detail(` (grant ${edge.grantId})`, '')}`,
      objects: [edge.from.id, edge.to.id],
      api: edge.api,
      grantId: edge.grantId,
      facts: {
        cluster: edge.cluster,
        from: endFacts(cluster, workloads, edge.from.id),
        to: endFacts(cluster, workloads, edge.to.id),
        protocol: edge.protocol,
        port: edge.port,
        methods: unionOf(http.map(({ methods }) => methods)),
        paths: unionOf(http.map(({ paths }) => paths.map(({ text }) => text))),
        layers: { ...edge.layers },
        api: entity(edge.api),
        caller: entity(edge.caller),
        provider: entity(edge.provider),
        operations: [...edge.operations],
        gaps: [...edge.gaps],
        mode: edge.mode,
        grant: grantFacts(edge, grants.get(grantKey(edge.api, edge.grantId))),
      },
    };
  };
  const found = new Map<string, Finding>();
  for (const edge of plan.edges) {
    const asked = askedOf(edge);
    for (const rule of rules) {
      const refused = ask(rule, stage, asked);
      if (!refused) continue;
      const key = JSON.stringify([rule.guardrail.name, refused.message]);
      const before = found.get(key);
      const objects = [...(before?.objects ?? []), ...refused.objects];
      found.set(key, { ...refused, objects: [...new Set(objects)].sort() });
    }
  }
  return [...found.values()];
}
