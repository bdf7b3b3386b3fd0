import type { Edge, Finding } from '@callgate/plugin-callgate-common';

/**
 * Takes out what would tell a reader about callers that they may not see: the workloads, reasons and objects of their
 * rows. The rows stay and count: "a caller you may not see".
 */
export function hideUnseen<
  T extends { callers?: Edge[]; calls?: Edge[]; findings: Finding[] },
>(view: T): T {
  const edges = [...(view.callers ?? []), ...(view.calls ?? [])];
  const hidden = edges.filter(
    ({ caller, api }) => caller.state === 'hidden' || api.state === 'hidden',
  );
  if (hidden.length === 0) {
    return view;
  }
  const workloads = new Set(
    hidden.flatMap(edge => edge.clusters.flatMap(({ from }) => from)),
  );
  const mute = (edge: Edge): Edge =>
    hidden.includes(edge)
      ? {
          caller: edge.caller,
          api: edge.api,
          operations: edge.operations,
          ...(edge.everythingOn && { everythingOn: edge.everythingOn }),
          clusters: edge.clusters.map(({ cluster, layers, to }) => ({
            cluster,
            layers,
            to,
            from: [],
          })),
          status: edge.status,
          because: '',
          openedBy: [],
        }
      : edge;
  const tells = ({ message, objects }: Finding) =>
    [...workloads].some(
      id => message.includes(id) || objects.some(object => object.includes(id)),
    ) ||
    // Names of entities stand in messages too; which of them are hidden is not known here, so all go.
    /\b(component|resource):/.test(`${message} ${objects.join(' ')}`);
  return {
    ...view,
    ...(view.callers && { callers: view.callers.map(mute) }),
    ...(view.calls && { calls: view.calls.map(mute) }),
    findings: view.findings.map(finding =>
      tells(finding)
        ? { ...finding, message: finding.title, objects: [], at: undefined }
        : finding,
    ),
  };
}
