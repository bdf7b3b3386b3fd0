import type { Edge, Finding } from '@callgate/plugin-callgate-common';
import { muteEdge, muteFinding } from './unseen';

/**
 * Takes out what would tell a reader about callers that they may not see: the workloads, reasons and objects of their
 * rows. The rows stay and count: "a caller you may not see".
 */
export function hideUnseen<
  T extends { callers?: Edge[]; calls?: Edge[]; findings: Finding[] },
>(view: T): T {
  const hidden = [...(view.callers ?? []), ...(view.calls ?? [])].filter(
    ({ caller, api }) => caller.state === 'hidden' || api.state === 'hidden',
  );
  if (hidden.length === 0) {
    return view;
  }
  const workloads = new Set(
    hidden.flatMap(edge => edge.clusters.flatMap(({ from }) => from)),
  );
  return {
    ...view,
    ...(view.callers && { callers: view.callers.map(muteEdge) }),
    ...(view.calls && { calls: view.calls.map(muteEdge) }),
    findings: view.findings.map(finding => muteFinding(finding, workloads)),
  };
}
