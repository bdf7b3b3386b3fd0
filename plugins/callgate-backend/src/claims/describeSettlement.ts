import type { Claim } from '@callgate/policy';
import { workloadParts } from '../access/refParts';
import { code, md, plain, section, table } from '../proposals/markdown';
import type { ClaimTarget } from './ClaimTarget';

const STATES: Record<Claim['state'], string> = {
  holds: 'holds',
  refused: 'is refused',
  contested: 'is contested',
};

/** Title and description of the pull request that says whose a workload is. The same gives the same text. */
export function describeSettlement(
  { cluster, workload }: ClaimTarget,
  owner: string,
  claims: readonly Claim[],
  titleOf: (ref: string) => string,
): { title: string; body: string } {
  const parts = workloadParts(workload);
  const what = parts ? `${parts.name} in ${parts.namespace}` : workload;
  const rows = claims.map(({ entity, owners, registeredAt, state }) => [
    md(titleOf(entity)),
    owners.map(ref => md(titleOf(ref))).join(', ') || 'nobody',
    registeredAt === undefined ? 'unknown' : code(registeredAt),
    STATES[state],
  ]);
  const refs = [
    owner,
    ...claims.flatMap(({ entity, owners }) => [entity, ...owners]),
  ];
  return {
    title: plain(`${what}, ${cluster}, belongs to ${titleOf(owner)}`, 180),
    body: [
      `Several entities of the catalog are bound to ${md(what)}, in ${md(
        cluster,
      )}. This adds one entry to ${code(
        'owners',
      )} of its platform profile: it belongs to ${md(
        titleOf(owner),
      )}. The entry fits no other workload, and Callgate has worked out that the claims on nothing else change.`,
      section('Claims with it', [
        table(['claimant', 'owners', 'registered at', 'its claim'], rows),
      ]),
      'It opens and closes nothing by itself: what was held because of it goes on with its own pull request.',
      section('Details', [
        `- Workload: ${code(workload)} in ${code(cluster)}`,
        `- Who is meant: ${[...new Set(refs)]
          .map(ref => code(ref))
          .join(', ')}`,
      ]),
    ].join('\n\n'),
  };
}
