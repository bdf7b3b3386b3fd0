import type {
  ApiAccessAnswer,
  Contract,
  Finding,
  GrantAccess,
} from '@callgate/policy';
import type { ApiAccess } from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import type { Discretion } from './Discretion';
import { callerLabel, grantedEdge, ungrantedEdge } from './edges';
import { estateHeadline } from './estateHeadline';
import { withGateways } from './gatewayLabels';
import { headline, type JudgedCluster } from './headline';
import { toFindings } from './findings';
import type { LabelOf } from './Labels';
import { toOthers } from './others';
import { toEstateState, toSource } from './source';
import { withoutEstate } from './withoutEstate';

const UNKNOWN_NOTE = 'the manifests do not say enough to know who can call it';

const OUTSIDE = ['callgate.dev/addresses', 'callgate.dev/hosts'];

/** The part of an API's access that does not depend on who reads it. */
export type ApiAccessFacts = Pick<
  ApiAccess,
  'api' | 'headline' | 'clusters' | 'callers' | 'findings' | 'source'
>;

/** Who can call an API: the rows of the core, as one reader may see them. */
export function apiAccess(
  facts: AccessFacts,
  apiRef: string,
  contract: Contract,
  labelOf: LabelOf,
  discretion: Discretion,
): ApiAccessFacts {
  const answer = facts.accessTo(apiRef);
  const callerLabelOf = withGateways(facts, labelOf);
  const context = { facts, labelOf: callerLabelOf, discretion };
  const clusters = answer.clusters.map(toClusterState);
  const known = withoutEstate(facts.snapshot);
  const callers = known.rows([
    ...answer.grants.map(grant =>
      grantedEdge(
        context,
        apiRef,
        grant,
        answer.rows,
        callerLabelOf(callerOf(facts, apiRef, grant)),
      ),
    ),
    ...answer.rows.flatMap(row =>
      ungrantedEdge(context, row, callerLabel(row, callerLabelOf)),
    ),
  ]);
  const more = answer.counts.moreThanGranted;
  return {
    api: labelOf(apiRef),
    headline: {
      ...estateHeadline(
        headline(clusters, callers, answer.grants, isOutside(facts, apiRef)),
        toEstateState(facts.snapshot),
        clusters.map(({ cluster }) => cluster),
      ),
      ...(more > 0 && { moreThanGranted: more }),
    },
    clusters: clusters.map(({ others, ...cluster }) => ({
      ...cluster,
      ...(others.length > 0 && { others: toOthers(others, discretion) }),
    })),
    callers,
    findings: toFindings(
      // What the first grant closed is history here; previews tell it before it happens.
      known
        .findings([
          ...facts.findingsOf(apiRef),
          ...unheard(contract.findings, facts.findingsOf(apiRef)),
        ])
        .filter(({ code }) => code !== 'isolation-flip'),
      discretion,
    ),
    source: toSource(facts.snapshot, discretion),
  };
}

/** Whether what provides an API says that it is at addresses or hosts that no cluster has. */
function isOutside(facts: AccessFacts, apiRef: string): boolean {
  return facts.providersOf(apiRef).some(ref => {
    const annotations = facts.entity(ref)?.metadata.annotations ?? {};
    return OUTSIDE.some(key => annotations[key] !== undefined);
  });
}

/** A grant to the API itself is to the entity that provides it, where that is one. */
function callerOf(
  facts: AccessFacts,
  apiRef: string,
  { caller }: GrantAccess,
): string {
  const providers = caller === 'self' ? facts.providersOf(apiRef) : [];
  return providers.length === 1 ? providers[0] : caller;
}

function toClusterState({
  cluster,
  state,
  layers,
  providers,
  policies,
}: ApiAccessAnswer['clusters'][number]): JudgedCluster {
  const everyone = new Set(providers.map(each => each.everyone));
  const isUnknown =
    state === 'unknown' || (!everyone.has('can') && everyone.has('may'));
  const closed = everyone.has('can') ? 'open' : 'isolated';
  return {
    cluster,
    layers:
      isUnknown || layers === 'unknown'
        ? { kernel: 'unknown', identity: 'unknown', method: 'unknown' }
        : { ...layers },
    isolation: isUnknown ? 'unknown' : closed,
    others: policies,
    ...(isUnknown && { note: UNKNOWN_NOTE }),
  };
}

/** What is wrong with a definition and concerns no grant yet: its owner is to know before somebody asks. */
function unheard(
  findings: readonly Finding[],
  heard: readonly Finding[],
): Finding[] {
  return findings.filter(
    found =>
      !heard.some(
        ({ code, message }) => code === found.code && message === found.message,
      ),
  );
}
