import {
  toAccessRanges,
  type Contract,
  type Finding,
  type RequestSet,
} from '@callgate/policy';
import type {
  ApiAccess,
  Edge,
  Operation,
  PolicyObject,
} from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import { clusterFacts, type ClusterFacts } from './clusterFacts';
import { declaredEdge } from './declaredEdges';
import type { Discretion } from './Discretion';
import { headline } from './headline';
import { toFindings } from './findings';
import type { LabelOf } from './Labels';
import { toOthers } from './others';
import { toSource } from './source';

/** The part of an API's access that does not depend on who reads it. */
export type ApiAccessFacts = Pick<
  ApiAccess,
  'api' | 'headline' | 'clusters' | 'callers' | 'findings' | 'source'
>;

/** Who can call an API: declared, effective, and where they differ. */
export function apiAccess(
  facts: AccessFacts,
  apiRef: string,
  contract: Contract,
  labelOf: LabelOf,
  discretion: Discretion,
): ApiAccessFacts {
  const providers = facts
    .providersOf(apiRef)
    .flatMap(ref => facts.workloadsOf(ref));
  const policy = facts.policyOf(apiRef);
  const declared = (policy?.spec.grants ?? []).map(grant =>
    declaredEdge(facts, apiRef, grant, contract, labelOf, discretion),
  );
  const clusters = clusterFacts(facts, apiRef, providers);
  const rows = ungrantedRows(facts, apiRef, clusters, labelOf, discretion);
  const callers = [...declared, ...rows];
  return {
    api: labelOf(apiRef),
    headline: headline(clusters, callers, providers),
    clusters: clusters.map(({ cluster, layers, isolation, others, note }) => ({
      cluster,
      layers,
      isolation,
      ...(others.length > 0 && { others: toOthers(others, discretion) }),
      ...(note && { note }),
    })),
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

/**
 * Rows for callers without a grant. Where an API is open to everyone, only those are listed that the catalog says
 * consume it: they are whom the first grant to somebody else would cut.
 */
function ungrantedRows(
  facts: AccessFacts,
  apiRef: string,
  clusters: ClusterFacts[],
  labelOf: LabelOf,
  discretion: Discretion,
): Edge[] {
  const consumers = new Set(facts.consumersOf(apiRef));
  const rows = new Map<string, Edge>();
  for (const { cluster, isolation, ungranted } of clusters) {
    for (const [entity, { from, to, requests }] of ungranted) {
      if (isolation === 'open' && !consumers.has(entity)) {
        continue;
      }
      const openedBy = facts.openedBy(cluster, from[0], to, requests);
      const { operations, everythingOn } = describe(requests);
      const known = rows.get(entity);
      rows.set(entity, {
        caller: labelOf(entity),
        api: labelOf(apiRef),
        operations,
        ...(everythingOn && { everythingOn }),
        clusters: [
          ...(known?.clusters ?? []),
          {
            cluster,
            layers: { kernel: 'open', identity: 'open', method: 'open' },
            from,
            to: [to],
          },
        ],
        status: 'effective-not-declared',
        because: becauseOf(openedBy, discretion),
        openedBy: [...(known?.openedBy ?? []), ...openedBy],
        mayRequest: /^(component|resource):/.test(entity),
      });
    }
  }
  return [...rows.values()];
}

function becauseOf(
  openedBy: readonly PolicyObject[],
  discretion: Discretion,
): string {
  const names = openedBy.map(object =>
    discretion.hidesObject(object)
      ? `a ${object.kind}`
      : `${object.kind} ${object.name}`,
  );
  const objects = [...new Set(names)];
  return objects.length > 0
    ? `No grant: ${objects.join(', ')} ${
        objects.length === 1 ? 'opens' : 'open'
      } it`
    : 'No grant: nothing restricts it';
}

/** What an effective set lets through, as operations or as "everything on a port". */
function describe(requests: RequestSet): {
  operations: Operation[];
  everythingOn?: string;
} {
  const ranges = toAccessRanges(requests);
  const whole = ranges.filter(range => !range.http);
  const operations = ranges.flatMap(range =>
    (range.http ?? []).flatMap(({ methods, paths }) =>
      (methods ?? ['*']).flatMap(method =>
        (paths ?? ['/*']).map(path => ({
          kind: 'http' as const,
          method,
          path: path.replace(/\{\*\*\}/g, '{rest+}').replace(/\{\*\}/g, '{…}'),
          writes: !['GET', 'HEAD'].includes(method),
        })),
      ),
    ),
  );
  const everythingOn = whole
    .map(({ protocol, ports }) =>
      ports === '1-65535' ? `every ${protocol} port` : `${protocol} ${ports}`,
    )
    .join(', ');
  return { operations, ...(everythingOn && { everythingOn }) };
}
