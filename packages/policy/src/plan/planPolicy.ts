import { contractOf } from '../contract/readContract';
import { Contract } from '../contract/types';
import { formatEntityRef } from '../entityRef';
import { servicesOf } from '../estate';
import { AccessPolicy, Grant } from '../model/types';
import { FieldPath, formatFieldPath } from '../model/YamlSource';
import { SourcePosition } from '../source';
import { findTargets } from './findTargets';
import { PlanContext } from './PlanContext';
import { Target } from './portAccess';
import { planGrant } from './planGrant';
import { Report } from './Report';
import { refusalOf } from './reportBinding';
import {
  needsContract,
  ResolvedOperation,
  resolveOperation,
} from './resolveOperation';
import { rewritesInFront } from './rewritesInFront';
import { findingsFor } from './findingsFor';
import {
  Edge,
  heldKey,
  HeldPlan,
  PlanInput,
  UnconfirmedEnd,
  UnsupportedGrant,
  UnsupportedRow,
} from './types';
import { detail, details, entities, entity, said } from '../words';

/** An AccessPolicy with where it stands. */
export type PolicyInput = PlanInput['policies'][number];

/** What one AccessPolicy comes to. */
export interface PlannedPolicy {
  api: string;
  policy: AccessPolicy;
  file: string;
  targets: Target[];
  edges: Edge[];
  unsupported: UnsupportedGrant[];
  unconfirmed: UnconfirmedEnd[];
}

/** Full reference of an AccessPolicy. */
export function policyRefOf({ metadata }: AccessPolicy): string {
  return formatEntityRef({
    kind: 'accesspolicy',
    namespace: metadata.namespace,
    name: metadata.name,
  });
}

/** Operations of a grant, or undefined where one cannot be resolved: reported. */
function operationsOf(
  grant: Grant,
  contract: Contract,
  rewrites: string[],
  report: Report,
): ResolvedOperation[] | undefined {
  if (grant.operations.some(needsContract)) {
    findingsFor(grant.operations, contract).forEach(found =>
      report.take(found),
    );
    if (!contract.readable) return undefined;
  }
  const resolved: ResolvedOperation[] = [];
  let complete = true;
  for (const operation of grant.operations) {
    const result = resolveOperation(operation, contract);
    if ('problem' in result) {
      complete = false;
      if (result.problem !== 'base-path-ambiguous')
        report.add(
          result.problem,
          said`${detail(`Grant ${grant.id}: `, '')}${result.message}`,
          [grant.id],
        );
    } else {
      resolved.push(result);
    }
  }
  if (
    rewrites.length > 0 &&
    contract.kind === 'http' &&
    resolved.some(({ http }) => http !== undefined)
  ) {
    report.add(
      'rewrite-in-front',
      said`Paths are rewritten in front of the provider by ${details(rewrites, [
        'a route',
        'routes',
      ])}: it does not see those of the definition`,
      rewrites,
    );
    return undefined;
  }
  return complete ? resolved : undefined;
}

/** Where a field of the policy stands. */
type Locate = (...path: FieldPath) => SourcePosition;

function refuseAll(
  planned: PlannedPolicy,
  row: UnsupportedRow,
  locate: Locate,
  report: Report,
  held?: HeldPlan,
): PlannedPolicy {
  const { code, reason } = refusalOf(row);
  const { policy, api } = planned;
  const unsupported = policy.spec.grants.flatMap(
    (grant, index): UnsupportedGrant[] => {
      if (held?.grants.has(heldKey(api, grant.id))) return [];
      report
        .within({ grantId: grant.id, at: locate('spec', 'grants', index) })
        .add(
          code,
          said`The grant to ${entity(
            grant.caller,
          )} cannot be enforced: ${reason}`,
          [api],
          { data: { row } },
        );
      return [
        {
          api,
          policy: policyRefOf(policy),
          grantId: grant.id,
          caller: grant.caller,
          row,
          reason,
        },
      ];
    },
  );
  if (policy.spec.grants.length === 0)
    report.add(code, said`${entity(api)} cannot be closed: ${reason}`, [api], {
      data: { row },
    });
  return { ...planned, unsupported };
}

/**
 * Turns one AccessPolicy into edges. A grant with an error has none; the other grants are still planned, so that all errors
 * are seen at once.
 */
export function planPolicy(
  context: PlanContext,
  input: PolicyInput,
  parent: Report,
  held?: HeldPlan,
): PlannedPolicy {
  const { policy, file } = input;
  const locate: Locate = (...path) =>
    input.locate?.(path) ?? { file, field: formatFieldPath(path) };
  const { api: ref, owner, grants, mode } = policy.spec;
  const report = parent.within({ api: ref, at: { file } });
  const planned: PlannedPolicy = {
    api: ref,
    policy,
    file,
    targets: [],
    edges: [],
    unsupported: [],
    unconfirmed: [],
  };
  const api = context.catalog.get(ref);
  if (!api) {
    report.add('api-not-found', said`${entity(ref)} is not in the catalog`, [
      ref,
    ]);
    return planned;
  }
  context.catalog.findingsOf(ref).forEach(found => report.take(found));
  const owners = context.catalog.ownersOf(api);
  if (!owners.has(owner))
    report
      .within({ at: locate('spec', 'owner') })
      .add(
        'owner-mismatch',
        said`${entity(owner)} does not own ${entity(ref)}: ${
          owners.size > 0 ? entities([...owners].sort()) : 'nobody'
        } does`,
        [ref, owner],
      );
  const targets = findTargets(
    context,
    api,
    ref,
    policy.spec.providers ?? [],
    report,
  );
  if (typeof targets === 'string')
    return refuseAll(planned, targets, locate, report, held);
  const annotations = api.metadata.annotations ?? {};
  const contract = contractOf(api, ref);
  const stated = annotations['callgate.dev/base-path'] !== undefined;
  const rewrites = stated
    ? []
    : targets.flatMap(({ cluster, workloads }) =>
        rewritesInFront(
          cluster,
          workloads.flatMap(workload => servicesOf(cluster, workload)),
        ),
      );
  for (const [index, grant] of grants.entries()) {
    if (held?.grants.has(heldKey(ref, grant.id))) continue;
    const own = report.within({
      grantId: grant.id,
      at: locate('spec', 'grants', index),
    });
    const operations = operationsOf(
      grant,
      contract,
      [...new Set(rewrites)].sort(),
      own,
    );
    const result = planGrant(
      context,
      {
        grant,
        api: ref,
        policy: policyRefOf(policy),
        namespace: policy.metadata.namespace,
        mode,
        targets,
        operations: operations ?? [],
        basePath: contract.basePath ?? '',
      },
      own,
    );
    planned.edges.push(...result.edges);
    planned.unsupported.push(...result.unsupported);
    planned.unconfirmed.push(...result.unconfirmed);
  }
  return { ...planned, targets };
}
