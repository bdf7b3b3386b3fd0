import type { PolicyOfOthers } from '../others/types';
import type { ChangedItems, EdgeComparison } from './compareEdges';
import { digestOf } from './digest';
import { digestEnd } from './edgeItems';
import type { KeptItems } from './takenAway';
import type {
  DigestContent,
  DigestEdge,
  MeaningFlip,
  MeaningInput,
  MeaningOpening,
} from './types';

/** What approval binds to. */
export function digestContent(parts: {
  input: MeaningInput;
  edges: EdgeComparison;
  flips: readonly MeaningFlip[];
  others: readonly PolicyOfOthers[];
  plumbing: readonly string[];
  /** Of a request that ends or changes grants. */
  ended?: {
    grants: readonly string[];
    kept: readonly KeptItems[];
    opened: readonly MeaningOpening[];
    left?: 'closed' | 'open';
  };
}): DigestContent {
  const { input, edges, flips, others, plumbing, ended } = parts;
  const clusters = new Set([
    ...edges.gained.map(({ edge }) => edge.cluster),
    ...edges.lost.map(({ edge }) => edge.cluster),
    ...flips.map(({ cluster }) => cluster),
    ...(ended?.opened ?? []).map(({ cluster }) => cluster),
  ]);
  return {
    schemaVersion: 1,
    api: input.api,
    scope: [...new Set(input.scope ?? [])].sort(),
    edges: digestEdges(edges.gained),
    removed: digestEdges(edges.lost),
    gaps: [
      ...new Set(
        edges.gained.flatMap(({ edge }) =>
          edge.gaps.map(gap => gapText(edge.cluster, edge.caller, gap)),
        ),
      ),
    ].sort(),
    // Meanings that were approved before there were such gaps keep their digests.
    ...(others.length > 0 && { others }),
    plumbing: [...plumbing].sort(),
    ...(ended && {
      grants: [...new Set(ended.grants)].sort(),
      kept: digestKept(ended.kept),
      opened: [...ended.opened].sort(byJson),
      ...(ended.left && { left: ended.left }),
    }),
    ...(input.until !== undefined && { until: input.until }),
    flips: [...flips]
      .map(({ cluster, workload, direction, layer, cut }) => ({
        cluster,
        workload,
        direction,
        layer,
        cut: cut.map(caller => caller.workload).sort(),
      }))
      .sort(byJson),
    profiles: input.after.clusters
      .filter(({ name }) => clusters.has(name))
      .map(({ name, profile }) => `${name}: ${digestOf(profile)}`)
      .sort(),
  };
}

/** A gap as a digest has it: neither clusters nor references have blanks. */
function gapText(cluster: string, caller: string, gap: string): string {
  return [cluster, caller, gap].join(' ');
}

/** Whose a gap of a digest is; `undefined` where that is not in it. */
export function ownerOfGap(
  text: string,
): { cluster: string; caller: string } | undefined {
  const [cluster, caller, gap] = text.split(' ');
  return gap === undefined ? undefined : { cluster, caller };
}

function digestKept(
  kept: readonly KeptItems[],
): NonNullable<DigestContent['kept']> {
  return kept
    .flatMap(({ change, by, otherwise }) =>
      digestEdges([change]).map(({ layers: _, ...edge }) => ({
        ...edge,
        by: by.map(({ api, grantId }) => `${api} ${grantId}`).sort(),
        otherwise,
      })),
    )
    .sort(byJson);
}

function digestEdges(changes: readonly ChangedItems[]): DigestEdge[] {
  const groups = new Map<string, DigestEdge>();
  for (const { edge, items } of changes) {
    const requests = items.map(({ text }) => text);
    const { cluster, caller, protocol, port, layers } = edge;
    const digest: DigestEdge = {
      cluster,
      caller,
      from: digestEnd(edge.from),
      to: digestEnd(edge.to),
      protocol,
      port,
      requests,
      layers: {
        kernel: layers.kernel,
        identity: layers.identity,
        method: layers.method,
      },
    };
    // Which of several grants opens a request is no part of the meaning.
    const key = JSON.stringify({ ...digest, requests: [] });
    const known = groups.get(key);
    groups.set(key, {
      ...digest,
      requests: [...new Set([...(known?.requests ?? []), ...requests])].sort(),
    });
  }
  return [...groups.values()].sort(byJson);
}

function byJson(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
