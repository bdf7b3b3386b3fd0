import { CatalogEntity } from '../model/types';
import { PORT_ANNOTATION } from './apiPort';
import { Binding, BINDING } from './bindEntity';
import { addressEnd } from './callerParty';
import { Owners } from './claims/Owners';
import { providersOf } from './claims/providers';
import {
  describeClaimant,
  reportClaims,
  reportOtherClaims,
} from './claims/reportClaims';
import { PlanContext } from './PlanContext';
import { makeTarget, Target } from './portAccess';
import { Report } from './Report';
import { reportBinding } from './reportBinding';
import { UnsupportedRow } from './types';
import { entities, entity as entityName, said } from '../words';
import { hostPort } from './hostPort';

/** Components that provide an API and count. Those that only say so bind, freeze and isolate nothing. */
function countedProviders(
  { catalog }: PlanContext,
  api: string,
  confirmed: readonly string[],
  report: Report,
): string[] {
  const { counted, others } = providersOf(catalog, api, confirmed);
  const owners = Owners.of(catalog);
  for (const other of others)
    report.add(
      'provider-not-confirmed',
      said`${describeClaimant(
        owners.claimant(other),
      )} says that it provides ${entityName(
        api,
      )}, which an owner of the API has not confirmed`,
      [other],
    );
  return counted;
}

function reportMissing(api: string, others: string[], report: Report): void {
  report.add(
    'provider-missing',
    others.length === 0
      ? said`No component provides ${entityName(api)}`
      : said`No component provides ${entityName(
          api,
        )} that its owner owns or has confirmed: ${entities(others)} only ${
          others.length === 1 ? 'says' : 'say'
        } so`,
    [api],
    others.length === 0
      ? {}
      : {
          fix: said`An owner of ${entityName(
            api,
          )} confirms the component: add it to spec.providers of the AccessPolicy.`,
        },
  );
}

/** What is decided about the workloads of one provider in all clusters. */
function targetsOf(
  context: PlanContext,
  provider: string,
  port: string | undefined,
  report: Report,
): Target[] {
  return context.clusters.flatMap(cluster => {
    const workloads = context.workloadsOf(provider, cluster);
    for (const { id } of workloads)
      if (context.bindings.isShared(cluster.name, id))
        reportOtherClaims(context.bindings.on(cluster.name, id), report);
    return workloads.length > 0
      ? [makeTarget(provider, cluster, workloads, port)]
      : [];
  });
}

/** Whether it is stated, or was approved, that some target is the provider's. */
function isOwned(context: PlanContext, targets: readonly Target[]): boolean {
  return targets.some(({ provider, cluster, workloads }) =>
    workloads.some(({ id }) =>
      context.bindings
        .on(cluster.name, id)
        .some(({ entity, owner }) => entity === provider && owner),
    ),
  );
}

/**
 * The workloads and hosts that serve an API, or the row that cannot be generated.
 *
 * @param confirmed - components that owners of the API confirmed to provide it
 */
export function findTargets(
  context: PlanContext,
  api: CatalogEntity,
  ref: string,
  confirmed: readonly string[],
  report: Report,
): Target[] | UnsupportedRow {
  const annotations = api.metadata.annotations ?? {};
  const providers = countedProviders(context, ref, confirmed, report);
  if (providers.length === 0) {
    if (annotations[BINDING.hosts] !== undefined) return 'saas';
    reportMissing(ref, context.catalog.providersOf(ref), report);
    return [];
  }
  const targets: Target[] = [];
  const notHeld: Extract<Binding, { kind: 'not-held' }>['claims'][] = [];
  for (const provider of providers) {
    const binding = context.bindingOf(provider);
    if (binding.kind === 'host') {
      if (binding.row !== 'host-outside' || !binding.addresses)
        return binding.row;
      const end = addressEnd(binding.addresses);
      const port = hostPort(annotations[PORT_ANNOTATION]);
      for (const cluster of context.clusters)
        targets.push({
          ...makeTarget(provider, cluster, [], undefined),
          host: { end, ...(port !== undefined && { port }) },
        });
      continue;
    }
    if (binding.kind === 'not-held') notHeld.push(binding.claims);
    else reportBinding(provider, binding, report);
    targets.push(
      ...targetsOf(context, provider, annotations[PORT_ANNOTATION], report),
    );
  }
  for (const claim of notHeld.flat())
    reportClaims(
      [claim],
      claim.state === 'refused'
        ? targets.length > 0
        : isOwned(context, targets),
      report,
    );
  return targets;
}
