import { accessCovers } from './accessCovers';
import { Report } from './Report';
import { Edge } from './types';
import { said, workload, workloads } from '../words';

const isPlain = ({ row, mode }: Edge) =>
  row === 'mesh-plain' && mode !== 'observe';

function byPort(edges: readonly Edge[]): Map<string, Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.cluster, edge.to.id, edge.port]);
    const group = groups.get(key);
    if (group) group.push(edge);
    else groups.set(key, [edge]);
  }
  return groups;
}

function reportDifferences(edges: readonly Edge[], report: Report): void {
  const callers = [...new Set(edges.map(({ from }) => from.id))].sort();
  const differ = edges.some(edge =>
    callers.some(
      caller =>
        !accessCovers(
          edges.filter(({ from }) => from.id === caller),
          edge,
        ),
    ),
  );
  if (!differ) return;
  const [{ to, port }] = edges;
  for (const { api, grantId } of edges)
    report
      .within({ api, grantId })
      .add(
        'plaintext-callers-differ',
        said`${workloads(callers, ' and ')} call port ${port} of ${workload(
          to.id,
        )} in plaintext with different operations: nothing but the kernel layer tells them apart, and it knows no methods`,
        [to.id, ...callers],
      );
}

/**
 * Keeps callers without mesh identity apart as far as that can be done: addresses with grants of their own are left out of
 * what pods in plaintext may do. Pods cannot be told from each other, so different grants to them are an error.
 */
export function separatePlaintext(
  edges: readonly Edge[],
  report: Report,
): Edge[] {
  const addresses = byPort(edges.filter(({ row }) => row === 'mesh-address'));
  const pods = byPort(edges.filter(isPlain));
  pods.forEach(group => reportDifferences(group, report));
  if (addresses.size === 0) return [...edges];
  return edges.map(edge => {
    const key = JSON.stringify([edge.cluster, edge.to.id, edge.port]);
    const others = isPlain(edge) ? addresses.get(key) : undefined;
    if (!others) return edge;
    const notCidrs = [
      ...new Set(others.flatMap(({ from }) => from.cidrs ?? [])),
    ].sort();
    return {
      ...edge,
      admissions: edge.admissions.map(admission => ({
        ...admission,
        source: { kind: 'plaintext', notCidrs },
      })),
    };
  });
}
