import { workloadsOf } from '../estate/serviceLookup';
import { Service, Workload } from '../estate/types';
import { namedPorts } from '../evaluate/networkpolicy/KernelIndex';
import {
  portProtocols,
  protocolOfServicePort,
} from '../evaluate/istio/portProtocols';
import { Finding } from '../findings';
import { Check, LintContext, hasLabels } from './LintContext';
import { mistakenAtAll } from './networkPorts';
import { few, notice } from './notice';
import { valuesOf } from './valuesOf';

/** Ports on which the server usually speaks first. */
const SERVER_FIRST: Readonly<Record<number, string>> = {
  21: 'FTP',
  22: 'SSH',
  25: 'SMTP',
  110: 'POP3',
  143: 'IMAP',
  587: 'SMTP',
  3306: 'MySQL',
  27017: 'MongoDB',
};

function named(
  service: Service,
  workloads: readonly Workload[],
  manifest: LintContext['cluster']['objects'][number],
): Finding[] {
  return service.ports.flatMap(({ targetPort, protocol }, index) => {
    if (typeof targetPort !== 'string') return [];
    const path = ['spec', 'ports', index, 'targetPort'];
    const answers = workloads.map(workload => ({
      id: workload.id,
      ports: namedPorts(workload, targetPort, protocol),
    }));
    const without = answers.filter(({ ports }) => ports.length === 0);
    const others = workloads.map(({ id }) => id);
    if (without.length === answers.length) {
      return [
        notice('named-port-unresolved', {
          manifest,
          path,
          text: `is "${targetPort}" over ${protocol}, which is no port of ${few(
            others,
          )}: the Service leads nowhere.`,
          others,
        }),
      ];
    }
    const distinct = new Set(answers.map(({ ports }) => ports.join()));
    if (distinct.size < 2) return [];
    return [
      notice('named-port-differs', {
        manifest,
        path,
        text: `is "${targetPort}": ${few(
          answers.map(
            ({ id, ports }) => `${id} has ${ports.join(', ') || 'none'}`,
          ),
        )}.`,
        others,
      }),
    ];
  });
}

function serverFirst(
  service: Service,
  workloads: readonly Workload[],
  manifest: LintContext['cluster']['objects'][number],
): Finding[] {
  const inMesh = workloads.filter(({ mesh }) => mesh === 'sidecar');
  if (inMesh.length === 0) return [];
  return service.ports.flatMap((port, index) => {
    const target =
      typeof port.targetPort === 'number' ? port.targetPort : port.port;
    const what = SERVER_FIRST[target] ?? SERVER_FIRST[port.port];
    if (!what || port.protocol !== 'TCP') return [];
    if (protocolOfServicePort(port) !== 'auto') return [];
    const path = ['spec', 'ports', index];
    return [
      notice('server-first-protocol', {
        manifest,
        path,
        text: `leads to port ${target}, usually ${what}, without a protocol: sidecars wait for the first bytes of the client, which waits for the server.`,
        others: inMesh.map(({ id }) => id),
        change: [{ op: 'add', path: [...path, 'appProtocol'], value: 'tcp' }],
      }),
    ];
  });
}

function headless(
  service: Service,
  workloads: readonly Workload[],
  manifest: LintContext['cluster']['objects'][number],
): Finding[] {
  const inMesh = workloads.filter(({ mesh }) => mesh !== 'none');
  if (!service.headless || service.ports.length > 0 || inMesh.length === 0)
    return [];
  return [
    notice('headless-without-ports', {
      manifest,
      path: ['spec'],
      text: `is headless and has no ports: the mesh takes calls to the pods of ${few(
        inMesh.map(({ id }) => id),
      )} for unknown traffic.`,
      others: inMesh.map(({ id }) => id),
    }),
  ];
}

/** Services and what their ports lead to (docs/semantics.md, P3, I3, O5). */
export const servicePorts: Check = ({ cluster }) => {
  const manifests = new Map(
    cluster.objects
      .filter(
        ({ object }) => object.kind === 'Service' && object.apiVersion === 'v1',
      )
      .map(manifest => [
        `${manifest.object.metadata.namespace ?? 'default'}/${
          manifest.object.metadata.name
        }`,
        manifest,
      ]),
  );
  return cluster.services.flatMap(service => {
    const manifest = manifests.get(service.id);
    const workloads = workloadsOf(cluster, service);
    if (!manifest || workloads.length === 0) return [];
    return [named, serverFirst, headless].flatMap(look =>
      look(service, workloads, manifest),
    );
  });
};

/** Ports of Istio's policies, which are those of the pods as well (docs/semantics.md, P2, I2). */
export const istioPorts: Check = ({
  cluster,
  authorizations,
  world,
  workloadsIn,
}) => {
  const findings: Finding[] = [];
  const report = (
    about: Omit<Parameters<typeof notice>[1], 'text'>,
    workloads: readonly Workload[],
    port: number,
    keepsText: boolean,
  ) => {
    const sidecars = workloads.filter(each => each.mesh !== 'none');
    const isSeen = sidecars.some(each =>
      portProtocols(cluster, each).has(port),
    );
    if (isSeen) return;
    const mistaken = mistakenAtAll(cluster, sidecars, port, 'TCP');
    if (!mistaken) return;
    const { services, target } = mistaken;
    findings.push(
      notice('service-port-in-policy', {
        ...about,
        text: `is ${port}, a port of Service ${few(
          services,
        )}; its pods listen ${
          target === undefined ? 'elsewhere' : `on ${target}`
        }.`,
        others: services.map(id => `Service ${id}`),
        ...(target !== undefined && keepsText && about.path
          ? {
              change: [
                { op: 'replace', path: about.path, value: String(target) },
              ],
            }
          : {}),
      }),
    );
  };
  for (const { manifest, spec, workloads } of authorizations) {
    for (const { name, value, path } of valuesOf(spec)) {
      if (name === 'ports' || name === 'destination.port')
        report({ manifest, path }, workloads, Number(value), true);
    }
  }
  for (const { manifest, namespace, selector, ports } of world.peers.all) {
    if (!selector) continue;
    const workloads = workloadsIn(namespace).filter(each =>
      hasLabels(each, selector),
    );
    for (const port of ports.keys()) {
      const path = ['spec', 'portLevelMtls', String(port)];
      report({ manifest, path }, workloads, port, false);
    }
  }
  return findings;
};
