import { Cluster, Workload } from '../estate/types';
import { Gap, PolicyMode } from '../model/types';
import { PortAccess } from './portAccess';
import { Report } from './Report';
import { Edge, HttpAccess, SupportedRow } from './types';
import { carriedProtocol, formatWay } from './workloadPorts';

/** What can be enforced for one pair and port, or undefined where the grant must not be compiled: reported. */
export interface EnforceableAccess {
  http?: HttpAccess[];
  layers: Edge['layers'];
  gaps: Gap[];
}

interface Question {
  cluster: Cluster;
  from: Workload;
  to: Workload;
  access: PortAccess;
  row: SupportedRow;
  mode: PolicyMode;
  acknowledges: ReadonlySet<Gap>;
  report: Report;
}

function methodsReadable({ to, access, report }: Question): boolean {
  const opaque = access.port.ways.filter(
    ({ port }) => carriedProtocol(port) === 'opaque',
  );
  if (opaque.length > 0) {
    report.add(
      'not-http-port',
      `Methods are granted on port ${access.port.port} of ${to.id}, but ${opaque
        .map(formatWay)
        .join(', ')} says that it carries no HTTP that the mesh can read`,
      [to.id, ...opaque.map(({ service }) => service.id)],
    );
    return false;
  }
  const undeclared = access.port.ways.filter(
    ({ port }) => carriedProtocol(port) === 'undeclared',
  );
  if (undeclared.length > 0)
    report.add(
      'protocol-not-declared',
      `${undeclared
        .map(formatWay)
        .join(
          ', ',
        )} does not say which protocol it carries: methods hold only while the mesh recognises HTTP on it`,
      undeclared.map(({ service }) => service.id),
    );
  return true;
}

function withoutMesh(question: Question): EnforceableAccess | undefined {
  const { cluster, to, access, acknowledges, report } = question;
  if (!cluster.profile.cni.enforcesNetworkPolicy) {
    report.add(
      'kernel-not-enforced',
      `Nothing enforces who may call ${to.id} in ${cluster.name}`,
      [to.id],
    );
    return undefined;
  }
  const layers: Edge['layers'] = {
    kernel: 'enforced',
    identity: 'none',
    method: 'none',
  };
  if (access.http === undefined) return { layers, gaps: [] };
  if (to.mesh === 'sidecar') {
    report.add(
      'port-outside-mesh',
      `Methods are granted on port ${access.port.port} of ${to.id}, which its sidecar does not see`,
      [to.id],
    );
    return undefined;
  }
  if (!acknowledges.has('method-not-enforced')) {
    report.add(
      'method-not-enforceable',
      `Methods are granted on ${to.id}, which is not in the mesh: only its whole port ${access.port.port} can be opened`,
      [to.id],
    );
    return undefined;
  }
  return {
    layers: { ...layers, method: 'acknowledged-gap' },
    gaps: ['method-not-enforced'],
  };
}

function plaintextIntoMesh(question: Question): EnforceableAccess | undefined {
  const { cluster, from, to, access, acknowledges, report } = question;
  if (!cluster.profile.cni.enforcesNetworkPolicy) {
    report.add(
      'kernel-not-enforced',
      `Nothing can tell ${from.id}, which is not in the mesh, from other callers of ${to.id}`,
      [from.id, to.id],
    );
    return undefined;
  }
  if (!acknowledges.has('identity-not-enforced')) {
    report.add(
      'identity-not-enforceable',
      `${from.id} is not in the mesh and calls ${to.id} in plaintext: port ${access.port.port} has to accept plaintext, and only the kernel layer tells callers apart`,
      [from.id, to.id],
    );
    return undefined;
  }
  if (access.http !== undefined && !methodsReadable(question)) return undefined;
  return {
    ...(access.http && { http: access.http }),
    layers: {
      kernel: 'enforced',
      identity: 'acknowledged-gap',
      method: access.http ? 'acknowledged-gap' : 'none',
    },
    gaps: ['identity-not-enforced'],
  };
}

function insideMesh(question: Question): EnforceableAccess | undefined {
  const { cluster, from, access, acknowledges, report } = question;
  const shared = from.serviceAccount === 'default';
  if (shared && !acknowledges.has('shared-service-account')) {
    report.add(
      'default-service-account',
      `${from.id} runs under the default service account of ${from.namespace}: the identity layer could not tell it from any other workload there`,
      [from.id],
    );
    return undefined;
  }
  if (access.http !== undefined && !methodsReadable(question)) return undefined;
  return {
    ...(access.http && { http: access.http }),
    layers: {
      kernel: cluster.profile.cni.enforcesNetworkPolicy ? 'enforced' : 'none',
      identity: 'enforced',
      method: access.http ? 'enforced' : 'none',
    },
    gaps: shared ? ['shared-service-account'] : [],
  };
}

/**
 * Decides which layers hold for one pair and port. Where one that the grant needs does not exist, it is an error unless the
 * grant acknowledges the gap; what is emitted is never weaker than that.
 */
export function decideLayers(
  question: Question,
): EnforceableAccess | undefined {
  const decide = {
    'plain-any': withoutMesh,
    'mesh-plain': plaintextIntoMesh,
    'sidecar-sidecar': insideMesh,
  }[question.row];
  const decided = decide(question);
  if (!decided || question.mode === 'enforce') return decided;
  const nothing = { kernel: 'none', identity: 'none', method: 'none' } as const;
  return { ...decided, layers: nothing };
}
