import type { ApiAccessAnswer, Contract, Finding } from '@callgate/policy';
import type {
  ApiAccess,
  ClusterState,
  Edge,
  Headline,
} from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import type { Discretion } from './Discretion';
import { callerLabel, grantedEdge, ungrantedEdge } from './edges';
import { toFindings } from './findings';
import type { LabelOf } from './Labels';
import { toSource } from './source';

const UNKNOWN_NOTE = 'the manifests do not say enough to know who can call it';

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
  const context = { facts, labelOf, discretion };
  const clusters = answer.clusters.map(toClusterState);
  const callers = [
    ...answer.grants.map(grant =>
      grantedEdge(context, apiRef, grant, answer.rows, labelOf(grant.caller)),
    ),
    ...answer.rows.flatMap(row =>
      ungrantedEdge(context, row, callerLabel(row, labelOf)),
    ),
  ];
  const more = answer.counts.moreThanGranted;
  return {
    api: labelOf(apiRef),
    headline: {
      ...headline(clusters, callers),
      ...(more > 0 && { moreThanGranted: more }),
    },
    clusters,
    callers,
    findings: toFindings(
      // What the first grant closed is history here; previews tell it before it happens.
      [
        ...facts.findingsOf(apiRef),
        ...unheard(contract.findings, facts.findingsOf(apiRef)),
      ].filter(({ code }) => code !== 'isolation-flip'),
      discretion,
    ),
    source: toSource(facts.snapshot.source, discretion),
  };
}

function toClusterState({
  cluster,
  state,
  layers,
  providers,
}: ApiAccessAnswer['clusters'][number]): ClusterState {
  const isUnknown =
    state === 'unknown' ||
    (state === 'conditional' &&
      providers.some(({ everyone }) => everyone === 'may'));
  const closed = state === 'open' ? 'open' : 'isolated';
  return {
    cluster,
    layers:
      isUnknown || layers === 'unknown'
        ? { kernel: 'unknown', identity: 'unknown', method: 'unknown' }
        : { ...layers },
    isolation: isUnknown ? 'unknown' : closed,
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

function headline(clusters: ClusterState[], callers: Edge[]): Headline {
  const able = callers.filter(
    ({ status }) => status === 'granted' || status === 'effective-not-declared',
  );
  const counts = {
    callers: countCallers(able),
    ungranted: countCallers(
      able.filter(({ status }) => status === 'effective-not-declared'),
    ),
  };
  const unsupported = callers.find(({ status }) => status === 'unknown');
  if (clusters.length === 0) {
    return {
      ...counts,
      state: unsupported ? 'unknown' : 'no-workload',
      text: unsupported
        ? `Not known. ${unsupported.because}`
        : 'Not known: no workload that provides this API was found',
    };
  }
  const named = (...states: ClusterState['isolation'][]) =>
    clusters
      .filter(({ isolation }) => states.includes(isolation))
      .map(({ cluster }) => cluster);
  const unknown = named('unknown');
  if (unknown.length > 0) {
    const note = clusters.find(each => each.note)?.note;
    return {
      ...counts,
      state: 'unknown',
      text: `Not known in ${unknown.join(', ')}${note ? `: ${note}` : ''}`,
    };
  }
  const open = named('open');
  if (open.length === clusters.length) {
    return {
      ...counts,
      state: 'open',
      text: 'Everyone can call this. The first grant closes it to everyone else.',
    };
  }
  const closed = named('isolated');
  const inside = able.filter(each =>
    each.clusters.some(({ cluster }) => closed.includes(cluster)),
  );
  return open.length > 0
    ? {
        ...counts,
        state: 'partly',
        text: `${closedText(
          inside,
          ` in ${closed.join(', ')}`,
        )}; open to everyone in ${open.join(', ')}`,
      }
    : {
        ...counts,
        state: 'closed',
        text: closedText(
          inside,
          clusters.length > 1 ? ` in ${closed.join(' and ')}` : '',
        ),
      };
}

/** A caller with several grants has several rows; one that the reader may not see is told apart by where it runs. */
function countCallers(rows: readonly Edge[]): number {
  const keys = rows.map(
    ({ caller, clusters }) =>
      caller.ref ||
      [...new Set(clusters.flatMap(({ from }) => from))].sort().join(),
  );
  return new Set(keys).size;
}

function closedText(callers: Edge[], where: string): string {
  const able = countCallers(callers);
  const ungranted = countCallers(
    callers.filter(({ status }) => status === 'effective-not-declared'),
  );
  if (callers.length === 0) {
    return `Closed${where} to everyone`;
  }
  const who = `${able} ${able === 1 ? 'caller' : 'callers'}`;
  return `Closed${where} to everyone but ${who}${
    ungranted > 0 ? `, ${ungranted} of them without a grant` : ''
  }`;
}
