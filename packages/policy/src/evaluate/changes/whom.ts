import { matchLabels } from '../../estate/podLabels';
import { workloadsIn } from '../../estate/serviceLookup';
import { Workload } from '../../estate/types';
import { Party, WorkloadParty, nameOf } from '../party';
import { podSelector } from './podSelector';

/** So many are named; of more their number is said. */
const MOST_NAMED = 3;

function others(ids: readonly string[]): string {
  if (ids.length <= MOST_NAMED) return ids.join(', ');
  return `${ids.slice(0, MOST_NAMED).join(', ')} and ${
    ids.length - MOST_NAMED
  } more`;
}

function withOthers(party: WorkloadParty, found: readonly Workload[]): string {
  const ids = found
    .filter(({ id }) => id !== party.workload.id)
    .map(({ id }) => id);
  const own = party.workload.id;
  return ids.length === 0 ? own : `${own} (and ${others(ids)}, alike to it)`;
}

/** A party with whoever has the labels too by which a change selects it. */
export function byLabels(party: Party): string {
  if (party.kind === 'address') return party.addresses.toCidrs()[0] ?? '';
  const { matchLabels: labels } = podSelector(party);
  return withOthers(
    party,
    workloadsIn(party.cluster, party.workload.namespace).filter(
      each =>
        each.runsOn === party.workload.runsOn &&
        matchLabels(labels, each) !== 'no',
    ),
  );
}

/** Whom a source admits: a caller without identity cannot be told from any other one. */
export function byIdentity(from: Party, hasIdentity: boolean): string {
  if (from.kind === 'address') return from.addresses.toCidrs()[0] ?? '';
  if (!hasIdentity)
    return `every caller without an identity of the mesh, ${nameOf(
      from,
    )} among them`;
  const { namespace, serviceAccount } = from.workload;
  return withOthers(
    from,
    workloadsIn(from.cluster, namespace).filter(
      each => each.serviceAccount === serviceAccount,
    ),
  );
}
