import type { Edge, Meaning } from '@callgate/policy';
import { grantOf, isLess } from './changeGrant';
import { declarationOf } from './editDeclaration';
import type { ProposalDraft, Snapshot } from './types';

/**
 * Whether a request about a grant takes something away from its caller and does nothing else, so that nobody has to approve it:
 * neither what it writes nor what comes of it is more than there was, and nobody else is concerned.
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
    lost.every(({ grantIds }) => grantIds.every(id => id === change.grant))
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
