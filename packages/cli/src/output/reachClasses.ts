import type { ReachEdge, ReachResult } from '@callgate/policy';

/** A reach result between classes of workloads. */
export interface ClassedReach extends ReachResult {
  /** Members of each class; a class is named after its first member. */
  classes: Record<string, string[]>;
}

/**
 * Folds workloads that have the same access to and from everything. Access of a
 * class to itself is what its members may do with each other.
 */
export function classesOf(result: ReachResult): ClassedReach {
  const classes = refine(result);
  const members: Record<string, string[]> = {};
  for (const workload of result.workloads) {
    const representative = classes.get(workload)!;
    (members[representative] ??= []).push(workload);
  }
  const edges = new Map<string, ReachEdge>();
  for (const edge of result.edges) {
    const from = classEnd(edge.from, classes);
    const to = classEnd(edge.to, classes);
    const key = JSON.stringify([from, to]);
    if (!edges.has(key)) {
      edges.set(key, { ...edge, from, to });
    }
  }
  return {
    ...result,
    workloads: Object.keys(members),
    edges: [...edges.values()],
    classes: members,
  };
}

/**
 * Partition refinement: workloads start in one class, and are told apart by
 * their edges to and from classes until nothing changes.
 */
function refine(result: ReachResult): Map<string, string> {
  const out = groupEdges(result.edges, edge => edge.from);
  const into = groupEdges(result.edges, edge => edge.to);
  let classes = new Map(
    result.workloads.map(workload => [workload, result.workloads[0]]),
  );
  for (;;) {
    const bySignature = new Map<string, string>();
    const next = new Map<string, string>();
    for (const workload of result.workloads) {
      const signature = JSON.stringify([
        classes.get(workload),
        signatureOf(workload, out, edge => edge.to, classes),
        signatureOf(workload, into, edge => edge.from, classes),
      ]);
      const representative = bySignature.get(signature) ?? workload;
      bySignature.set(signature, representative);
      next.set(workload, representative);
    }
    if (new Set(next.values()).size === new Set(classes.values()).size) {
      return next;
    }
    classes = next;
  }
}

function groupEdges(
  edges: readonly ReachEdge[],
  end: (edge: ReachEdge) => ReachEdge['from'],
): Map<string, ReachEdge[]> {
  const groups = new Map<string, ReachEdge[]>();
  for (const edge of edges) {
    const key = end(edge);
    if (typeof key === 'string') {
      const group = groups.get(key) ?? [];
      group.push(edge);
      groups.set(key, group);
    }
  }
  return groups;
}

function signatureOf(
  workload: string,
  edges: ReadonlyMap<string, ReachEdge[]>,
  otherEnd: (edge: ReachEdge) => ReachEdge['from'],
  classes: ReadonlyMap<string, string>,
): string[] {
  const towards = new Map<string, Map<string, number>>();
  for (const edge of edges.get(workload) ?? []) {
    const other = otherEnd(edge);
    if (other === workload) {
      continue;
    }
    const key = JSON.stringify(classEnd(other, classes));
    const access = JSON.stringify(edge.access);
    const counts = towards.get(key) ?? new Map<string, number>();
    counts.set(access, (counts.get(access) ?? 0) + 1);
    towards.set(key, counts);
  }
  const sizes = new Map<string, number>();
  for (const representative of classes.values()) {
    const key = JSON.stringify(representative);
    sizes.set(key, (sizes.get(key) ?? 0) + 1);
  }
  const own = JSON.stringify(classes.get(workload));
  // A workload is no peer of its own, so its class counts one less.
  return [...towards]
    .map(([key, counts]) => {
      const peers = (sizes.get(key) ?? 1) - (key === own ? 1 : 0);
      const parts = [...counts].map(
        ([access, count]) => `${access}${count === peers ? '' : ` ×${count}`}`,
      );
      return `${key} ${parts.sort().join('|')}`;
    })
    .sort();
}

function classEnd(
  end: ReachEdge['from'],
  classes: ReadonlyMap<string, string>,
): ReachEdge['from'] {
  return typeof end === 'string' ? classes.get(end) ?? end : end;
}
