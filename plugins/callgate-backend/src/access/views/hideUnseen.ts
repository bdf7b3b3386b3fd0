import type { Edge, Finding } from '@callgate/plugin-callgate-common';
import { muteEdge, muteFinding, muteObjects } from './unseen';

/**
 * Takes out what would tell a reader about callers that they may not see: the workloads, reasons and objects of their
 * rows, and the texts of objects that name them in other rows. The rows stay and count: "a caller you may not see".
 */
export function hideUnseen<
  T extends { callers?: Edge[]; calls?: Edge[]; findings: Finding[] },
>(
  view: T,
  /** Whether the reader may not see one of the API's callers. */
  isSecret: (apiRef: string) => boolean = () => false,
): T {
  const edges = [...(view.callers ?? []), ...(view.calls ?? [])];
  const hidden = edges.filter(
    ({ caller, api }) => caller.state === 'hidden' || api.state === 'hidden',
  );
  const secret = edges.some(({ api }) => isSecret(api.ref));
  if (hidden.length === 0 && !secret) {
    return view;
  }
  const workloads = hidden.flatMap(edge =>
    edge.clusters.flatMap(({ from }) => from),
  );
  const mute = (edge: Edge) =>
    muteEdge(
      hidden.length > 0 || isSecret(edge.api.ref) ? muteObjects(edge) : edge,
    );
  const tells = ({ message, objects }: Finding) => {
    const text = `${message} ${objects.join(' ')}`;
    // Names of entities stand in messages; which of them are hidden is not known here, so all go.
    return (
      /\b(component|resource|system|domain|group):/.test(text) ||
      workloads.some(id => text.includes(id))
    );
  };
  return {
    ...view,
    ...(view.callers && { callers: view.callers.map(mute) }),
    ...(view.calls && { calls: view.calls.map(mute) }),
    findings: view.findings.map(finding =>
      tells(finding) ? muteFinding(finding) : finding,
    ),
  };
}
