import { grantedOperations } from '../access/operations';
import { contractOf } from '../contract';
import { Cluster } from '../estate/types';
import { entityFacts } from '../guardrails/subjectFacts';
import { Misfit } from '../guardrails/subjectValues';
import { CatalogEntity } from '../model/types';
import { CatalogIndex } from '../plan/CatalogIndex';
import { Edge } from '../plan/types';
import { approvalValues } from './approvalVocabulary';
import { CompiledApprovalRule, RequiredApproval } from './types';

/**
 * A request, with what it would open.
 *
 * @public
 */
export interface AskedAccess {
  api: string;
  caller: string;
  requestedBy?: string;
  /** the planned edges of its grant */
  edges: readonly Edge[];
  /** gaps that it accepts, beside those of its edges */
  acknowledges: readonly string[];
  catalog: readonly CatalogEntity[];
  clusters: readonly Cluster[];
}

/**
 * What the rules ask of a request, with the rule that asks. A rule that cannot
 * be decided asks: what is not known not to need somebody needs them.
 *
 * @public
 */
export function requiredApprovals(
  rules: readonly CompiledApprovalRule[],
  asked: AskedAccess,
): { rule: string; needs: readonly RequiredApproval[] }[] {
  if (rules.length === 0) return [];
  const values = valuesOf(asked);
  return rules
    .filter(({ holds }) => {
      try {
        return holds(values);
      } catch {
        return true;
      }
    })
    .map(({ rule: { name, needs } }) => ({ rule: name, needs }));
}

function valuesOf(asked: AskedAccess): Record<string, unknown> {
  const { edges, catalog } = asked;
  const index = CatalogIndex.of(catalog);
  const entity = (ref: string) => entityFacts(ref, index.get(ref), index);
  const contract = contractOf(index.get(asked.api), asked.api);
  const methods = edges.map(({ http }) =>
    http && http.every(each => each.methods.length > 0)
      ? http.flatMap(each => each.methods)
      : undefined,
  );
  const clusters = sorted(edges.map(({ cluster }) => cluster));
  const misfits: Misfit[] = [];
  const values = approvalValues(
    {
      api: entity(asked.api),
      caller: entity(asked.caller),
      request: {
        writes:
          edges.length === 0 ||
          edges.some(({ http }) => !http) ||
          edges.some(({ granted }) =>
            grantedOperations(granted, contract).some(({ writes }) => writes),
          ),
        methods: methods.includes(undefined)
          ? []
          : sorted(methods.flatMap(each => each ?? [])),
        operations: sorted(edges.flatMap(({ operations }) => operations)),
        gaps: sorted([
          ...asked.acknowledges,
          ...edges.flatMap(({ gaps }) => gaps),
        ]),
        clusters,
        environments: sorted(
          asked.clusters
            .filter(({ name }) => clusters.includes(name))
            .flatMap(({ profile }) => profile.environments),
        ),
        requestedBy: asked.requestedBy ?? '',
      },
    },
    misfits,
  );
  return values;
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
