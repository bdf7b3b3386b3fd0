import { namespaceOf } from '../estate/buildCluster';
import { groupKindOf } from '../estate/readWorkloads';
import { Workload } from '../estate/types';
import { ProxyQuestion } from '../evaluate/ProxyQuestion';
import { WorkloadParty } from '../evaluate/party';
import { Check } from './LintContext';
import { few, notice } from './notice';

/** DestinationRules that have sidecars call in plaintext what takes nothing but mutual TLS. */
export const plaintextClients: Check = ({ cluster, world }) => {
  if (world.destinationRules.isEmpty) return [];
  const party = (workload: Workload, index: number): WorkloadParty => ({
    kind: 'workload',
    workload,
    index,
    cluster,
  });
  const refuses = (workload: Workload, index: number, port: number) => {
    const to = party(workload, index);
    const question = new ProxyQuestion(world.model(to), { port }, cluster);
    return question.mtls('plaintext', to).tri.value === 'no';
  };
  return cluster.objects
    .filter(
      ({ object }) =>
        groupKindOf(object) === 'networking.istio.io/DestinationRule',
    )
    .flatMap(manifest => {
      const namespace = namespaceOf(manifest.object);
      const { name } = manifest.object.metadata;
      const shut = cluster.workloads.flatMap((workload, index) =>
        workload.mesh !== 'sidecar' || workload.meshIsGuess
          ? []
          : [
              ...world.destinationRules.toPorts(namespace, workload, undefined),
            ].flatMap(([port, entries]) =>
              entries.some(
                ({ by, transport }) =>
                  transport === 'plaintext' &&
                  by?.name === name &&
                  by.namespace === namespace,
              ) && refuses(workload, index, port)
                ? [workload.id]
                : [],
            ),
      );
      return shut.length === 0
        ? []
        : [
            notice('destination-rule-against-mtls', {
              manifest,
              path: ['spec', 'trafficPolicy'],
              text: `has sidecars call without the mutual TLS of the mesh, and ${few(
                shut,
              )} takes nothing else (STRICT): these calls are refused.`,
              others: shut,
            }),
          ];
    });
};
