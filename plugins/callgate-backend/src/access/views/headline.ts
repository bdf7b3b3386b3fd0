import {
  describeWhatOthersMay,
  type GrantAccess,
  type PolicyOfOthers,
} from '@callgate/policy';
import type {
  ClusterState,
  Edge,
  Headline,
} from '@callgate/plugin-callgate-common';

/** One cluster's state of an API, with the policies of others that nobody judges: it is as if they changed nothing. */
export interface JudgedCluster extends Omit<ClusterState, 'others'> {
  others: readonly PolicyOfOthers[];
}

/**
 * The answer about an API in one sentence. It never says closed or open where policies of others may decide otherwise.
 *
 * @param isOutside - whether what provides it is known to be outside the clusters
 */
export function headline(
  clusters: readonly JudgedCluster[],
  callers: Edge[],
  grants: readonly Pick<GrantAccess, 'standing'>[],
  isOutside: boolean,
): Headline {
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
    if (isOutside && !unsupported) {
      return {
        ...counts,
        state: 'unknown',
        text: 'Not known: it is served outside the clusters, so calls can be held at the callers alone',
      };
    }
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
  const others = describeWhatOthersMay(clusters.flatMap(each => each.others));
  if (open.length === clusters.length) {
    return others
      ? {
          ...counts,
          state: 'conditional',
          text: `Open to everyone as far as Callgate judges; ${others}`,
        }
      : {
          ...counts,
          state: 'open',
          text: openText(grants),
        };
  }
  const closed = named('isolated');
  const inside = able.filter(each =>
    each.clusters.some(({ cluster }) => closed.includes(cluster)),
  );
  const state = open.length > 0 ? 'partly' : 'closed';
  const where = {
    closed: clusters.length > 1 ? ` in ${closed.join(' and ')}` : '',
    partly: ` in ${closed.join(', ')}`,
  }[state];
  const by = callers.some(({ grant }) => grant) ? 'grants' : 'policies';
  const text = `${closedText(inside, others ? ` by ${by}${where}` : where)}${
    state === 'partly' ? `; open to everyone in ${open.join(', ')}` : ''
  }`;
  return others
    ? { ...counts, state: 'conditional', text: `${text}; ${others}` }
    : { ...counts, state, text };
}

/** What a grant does is no news where there is one already, and it closed nothing. */
function openText(grants: readonly Pick<GrantAccess, 'standing'>[]): string {
  if (grants.length === 0) {
    return 'Everyone can call this. The first grant closes it to everyone else.';
  }
  const total = grants.length;
  const broken = grants.filter(({ standing }) =>
    ['error', 'held'].includes(standing),
  ).length;
  if (broken === 0) {
    return `Open to everyone: nothing is enforced, although ${
      total === 1 ? 'there is a grant' : `there are ${total} grants`
    }`;
  }
  const errors = `${broken} of ${total} grants ${
    broken === 1 ? 'has an error' : 'have errors'
  }`;
  return `Open to everyone: ${
    total === 1 ? 'its only grant has an error' : errors
  }, so nothing is enforced`;
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
