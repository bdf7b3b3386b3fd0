import { grantedOperations } from '../access/operations';
import { contractOf } from '../contract';
import { Cluster } from '../estate/types';
import { entityFacts } from '../guardrails/subjectFacts';
import { Misfit } from '../guardrails/subjectValues';
import { CatalogEntity } from '../model/types';
import { CatalogIndex } from '../plan/CatalogIndex';
import { Edge } from '../plan/types';
import { approvalValues } from './approvalVocabulary';
import { unconfirmedClaims } from './callerClaims';
import {
  ApprovalRule,
  CallerClaim,
  CompiledApprovalRule,
  RequiredApproval,
} from './types';

/**
 * A request, with what it would open.
 *
 * @public
 */
export interface AskedAccess {
  api: string;
  caller: string;
  requestedBy?: string;
  /** `new` by default */
  kind?: 'new' | 'confirm' | 'change' | 'renew' | 'end';
  /** how many days it is to last from when it was asked for; absent: no end */
  days?: number;
  /** the planned edges of its grant */
  edges: readonly Edge[];
  /** gaps that it accepts, beside those of its edges */
  acknowledges: readonly string[];
  catalog: readonly CatalogEntity[];
  clusters: readonly Cluster[];
}

/**
 * An automatic rule whose expression is true for a request.
 *
 * @public
 */
export interface AutomaticApproval {
  rule: ApprovalRule;
  /** why it is not counted all the same; empty: it is */
  unconfirmed: readonly CallerClaim[];
}

/**
 * A number of days with the rule that says it.
 *
 * @public
 */
export interface DaysByRule {
  days: number;
  rule: string;
}

/**
 * What the rules make of a request.
 *
 * @public
 */
export interface ApprovalJudgement {
  /** who has to approve, by the rules that ask for somebody */
  needs: { rule: string; needs: readonly RequiredApproval[] }[];
  /** rules by which nobody would have to */
  auto: readonly AutomaticApproval[];
  /** the strictest of each */
  maxDays?: DaysByRule;
  defaultDays?: DaysByRule;
  /** days after which such a grant is reviewed again */
  reviewEvery?: DaysByRule;
}

/**
 * What the rules make of a request. A rule that cannot be decided asks for its
 * needs and limits the days, and approves nothing: what is not known not to
 * need somebody needs them.
 *
 * @public
 */
export function judgeApprovals(
  rules: readonly CompiledApprovalRule[],
  asked: AskedAccess,
): ApprovalJudgement {
  if (rules.length === 0) return { needs: [], auto: [] };
  const values = approvalFacts(asked);
  const answers = rules.map(({ rule, claims, holds }) => {
    try {
      return { rule, claims, holds: holds(values) };
    } catch {
      return { rule, claims, holds: undefined };
    }
  });
  const held = answers.filter(({ holds }) => holds !== false);
  const unconfirmed = unconfirmedClaims(asked, CatalogIndex.of(asked.catalog));
  const maxDays = strictest(held, ({ maxDays: days }) => days);
  const defaultDays = strictest(held, ({ defaultDays: days }) => days);
  const reviewEvery = strictest(held, ({ reviewEvery: days }) => days);
  return {
    needs: held
      .filter(({ rule }) => rule.needs.length > 0)
      .map(({ rule: { name, needs } }) => ({ rule: name, needs })),
    auto: held
      .filter(({ rule, holds }) => rule.auto && holds)
      .map(({ rule, claims }) => ({
        rule,
        unconfirmed: claims.filter(claim => unconfirmed.has(claim)),
      })),
    ...(maxDays && { maxDays }),
    ...(defaultDays && { defaultDays }),
    ...(reviewEvery && { reviewEvery }),
  };
}

function strictest(
  held: readonly { rule: ApprovalRule }[],
  daysOf: (rule: ApprovalRule) => number | undefined,
): DaysByRule | undefined {
  return held
    .flatMap(({ rule }): DaysByRule[] => {
      const days = daysOf(rule);
      return days === undefined ? [] : [{ days, rule: rule.name }];
    })
    .sort((a, b) => a.days - b.days)[0];
}

/**
 * What rules may know of a request: `api`, `caller` and `request`, with every
 * field there; whole numbers are `bigint`.
 *
 * @public
 */
export function approvalFacts(asked: AskedAccess): Record<string, unknown> {
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
        kind: asked.kind ?? 'new',
        days: asked.days ?? 0,
      },
    },
    misfits,
  );
  return values;
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
