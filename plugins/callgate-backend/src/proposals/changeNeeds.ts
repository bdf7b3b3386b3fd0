import type { Edge, EdgeSummary, Meaning } from '@callgate/policy';
import { grantOf, isLess } from './changeGrant';
import { declarationOf } from './editDeclaration';
import type { ProposalDraft, Snapshot } from './types';

/**
 * Whether a request about a grant takes something away from its caller and does nothing else, so that nobody has to approve it:
 * neither what it writes nor what comes of it is more than there was, and nobody else is concerned. What went on before anybody
 * approved it ends by itself also where its operations were renamed since: what stands open under their old names goes with it.
 */
export function onlyTakesAway(
  snapshot: Snapshot,
  draft: ProposalDraft,
  { content, lost, opened = [] }: Meaning,
): boolean {
  const { api, change, caller } = draft;
  if (!change || change.kind === 'renew') return false;
  const declaration = declarationOf(snapshot, api);
  const grant = declaration && grantOf(declaration, { change, caller });
  return (
    grant !== undefined &&
    (change.kind === 'end' || isLess(grant, draft)) &&
    [
      content.edges,
      content.flips,
      content.plumbing,
      content.gaps,
      opened,
    ].every(({ length }) => length === 0) &&
    (change.glass
      ? lost.every(each => isLeftOf(each, change.grant, lost))
      : lost.every(({ grantIds }) => grantIds.every(id => id === change.grant)))
  );
}

/** Of a grant, or granted by nobody any more and between the same two, on the same port, as what the grant has open. */
function isLeftOf(
  { grantIds, clusters }: EdgeSummary,
  grant: string,
  lost: readonly EdgeSummary[],
): boolean {
  const own = lost
    .filter(each => each.grantIds.includes(grant))
    .flatMap(each => each.clusters);
  return (
    grantIds.every(id => id === grant || id === '') &&
    clusters.every(left =>
      own.some(
        ({ cluster, protocol, from, to, ports }) =>
          cluster === left.cluster &&
          protocol === left.protocol &&
          left.from.every(id => from.includes(id)) &&
          left.to.every(id => to.includes(id)) &&
          left.ports.every(port => ports.includes(port)),
      ),
    )
  );
}

/**
 * What rules of who approves are asked about where an API is opened to everybody: every call of everybody who is granted something
 * now stands for all of them, with every request on its port.
 */
export function openedEdges(
  { compilation }: Snapshot,
  api: string,
  { opened = [] }: Meaning,
): Edge[] {
  const isOpened = ({ cluster, to }: Edge) =>
    opened.some(each => each.cluster === cluster && each.workload === to.id);
  return compilation.plan.edges
    .filter(edge => edge.api === api && isOpened(edge))
    .map(({ http: _, ...edge }) => edge);
}
