import {
  describeApiAccess,
  NOT_ENOUGH,
  type ApiAccessAnswer,
  type Contract,
  type Finding,
} from '@callgate/policy';
import type {
  ApiAccess,
  ClusterState,
  Headline,
} from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import { callerLabel, listedRow } from './accessRow';
import type { Discretion } from './Discretion';
import { estateHeadline } from './estateHeadline';
import { withGateways } from './gatewayLabels';
import { toFindings } from './findings';
import type { LabelOf } from './Labels';
import { toOthers } from './others';
import { toEstateState, toSource } from './source';
import { withoutEstate } from './withoutEstate';

const UNKNOWN = {
  kernel: 'unknown',
  identity: 'unknown',
  method: 'unknown',
} as const;

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
  const context = { facts, labelOf: withGateways(facts, labelOf), discretion };
  const known = withoutEstate(facts.snapshot);
  const clusters = answer.clusters.map(cluster =>
    toClusterState(cluster, discretion),
  );
  return {
    api: labelOf(apiRef),
    headline: estateHeadline(
      toHeadline(answer, discretion),
      toEstateState(facts.snapshot),
      clusters.map(({ cluster }) => cluster),
    ),
    clusters,
    callers: known.rows(
      answer.rows.flatMap(row =>
        listedRow(context, row, callerLabel(context, row)),
      ),
    ),
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

/** The answer about an API in one sentence, with its numbers: callers whom a reader may not see count. */
function toHeadline(answer: ApiAccessAnswer, discretion: Discretion): Headline {
  const { state, inside, counts, firstGrantCloses } = answer;
  return {
    state,
    callers: inside.callers,
    ungranted: inside.withoutGrant,
    moreThanGranted: counts.moreThanGranted,
    perhaps: inside.perhaps,
    firstGrantCloses,
    text: describeApiAccess(answer, { reasons: discretion.everythingSeen }),
  };
}

function toClusterState(
  {
    cluster,
    state,
    everyone,
    layers,
    counts,
    policies,
  }: ApiAccessAnswer['clusters'][number],
  discretion: Discretion,
): ClusterState {
  const isUnknown = state === 'unknown';
  const closed = everyone === 'can' ? 'open' : 'isolated';
  return {
    cluster,
    layers: layers === 'unknown' ? UNKNOWN : { ...layers },
    isolation: isUnknown ? 'unknown' : closed,
    ungranted: counts.withoutGrant,
    ...(policies.length > 0 && { others: toOthers(policies, discretion) }),
    ...(isUnknown && { note: NOT_ENOUGH }),
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
