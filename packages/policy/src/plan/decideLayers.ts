import { Cluster, Workload } from '../estate/types';
import { Gap, PolicyMode } from '../model/types';
import { CallerParty, isAddresses } from './callerParty';
import { PortAccess } from './portAccess';
import { Report } from './Report';
import { Edge, HttpAccess, SupportedRow } from './types';
import { carriedProtocol, formatWay } from './workloadPorts';
import { details, said, workload } from '../words';

/** What can be enforced for one pair and port, or undefined where the grant must not be compiled: reported. */
export interface EnforceableAccess {
  http?: HttpAccess[];
  layers: Edge['layers'];
  gaps: Gap[];
}

interface Question {
  cluster: Cluster;
  from: CallerParty;
  to: Workload;
  access: PortAccess;
  row: Exclude<SupportedRow, 'host-outside'>;
  /** whether the caller's own calls are limited */
  egress: Edge['egress'];
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
      said`Methods are granted on port ${access.port.port} of ${workload(
        to.id,
      )}, but ${details(opaque.map(formatWay), [
        'its Service',
        'of its Services',
      ])} says that it carries no HTTP that the mesh can read`,
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
      said`${details(undeclared.map(formatWay), [
        `the Service of ${access.port.protocol} ${access.port.port}`,
        `Services of ${access.port.protocol} ${access.port.port}`,
      ])} does not say which protocol it carries: methods hold only while the mesh recognises HTTP on it`,
      undeclared.map(({ service }) => service.id),
    );
  return true;
}

/** Does the kernel keep callers from the provider? It does so at pods, not at hosts outside. */
function kernelHolds({ cluster, to }: Question): boolean {
  return cluster.profile.cni.enforcesNetworkPolicy && to.runsOn === 'pods';
}

/** Of a host it is the caller's closed egress that holds, by the host's address. */
function kernelLayer(question: Question): 'enforced' | 'none' {
  const { to, egress } = question;
  return kernelHolds(question) || (to.runsOn === 'host' && egress !== 'open')
    ? 'enforced'
    : 'none';
}

function withoutMesh(question: Question): EnforceableAccess | undefined {
  const { cluster, to, access, report } = question;
  if (!kernelHolds(question)) {
    report.add(
      'kernel-not-enforced',
      said`Nothing enforces who may call ${workload(to.id)} in ${cluster.name}`,
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
  if (to.mesh !== 'none') {
    report.add(
      'port-outside-mesh',
      said`Methods are granted on port ${access.port.port} of ${workload(
        to.id,
      )}, which its ${
        to.mesh === 'sidecar' ? 'sidecar' : 'ztunnel'
      } does not see`,
      [to.id],
    );
    return undefined;
  }
  if (!methodGapAccepted(question, 'which is not in the mesh'))
    return undefined;
  return {
    layers: { ...layers, method: 'acknowledged-gap' },
    gaps: ['method-not-enforced'],
  };
}

/** The port of the pods, which is what is opened, with what callers know it by where that is another number. */
function portText({ port, ways }: PortAccess['port']): string {
  const known = [...new Set(ways.map(way => way.port.port))]
    .filter(each => each !== port)
    .sort((a, b) => a - b);
  if (known.length === 0) return `${port}`;
  return `${port} (${known.length === 1 ? 'port' : 'ports'} ${known.join(
    ', ',
  )} of its Service)`;
}

/** Whether a grant of methods may become one of the whole port. */
function methodGapAccepted(
  { to, access, acknowledges, report }: Question,
  why: string,
): boolean {
  if (acknowledges.has('method-not-enforced')) return true;
  report.add(
    'method-not-enforceable',
    said`Methods are granted on ${workload(
      to.id,
    )}, ${why}: only its whole port ${portText(access.port)} can be opened`,
    [to.id],
  );
  return false;
}

function plaintextIntoMesh(question: Question): EnforceableAccess | undefined {
  const { from, to, access, acknowledges, report } = question;
  if (!kernelHolds(question)) {
    report.add(
      'kernel-not-enforced',
      said`Nothing can tell ${workload(
        from.id,
      )}, which is not in the mesh, from other callers of ${workload(to.id)}`,
      [from.id, to.id],
    );
    return undefined;
  }
  if (!acknowledges.has('identity-not-enforced')) {
    report.add(
      'identity-not-enforceable',
      said`${workload(from.id)} is not in the mesh and calls ${workload(
        to.id,
      )} in plaintext: port ${
        access.port.port
      } has to accept plaintext, and only the kernel layer tells callers apart`,
      [from.id, to.id],
    );
    return undefined;
  }
  const plaintext: EnforceableAccess = {
    layers: {
      kernel: 'enforced',
      identity: 'acknowledged-gap',
      method: access.http ? 'acknowledged-gap' : 'none',
    },
    gaps: ['identity-not-enforced'],
  };
  if (access.http === undefined) return plaintext;
  if (to.mesh === 'ambient')
    // Nobody without mesh goes through a waypoint, and ztunnel reads no HTTP.
    return methodGapAccepted(
      question,
      'which a caller without mesh reaches past every proxy that reads HTTP',
    )
      ? { ...plaintext, gaps: ['identity-not-enforced', 'method-not-enforced'] }
      : undefined;
  return methodsReadable(question)
    ? { ...plaintext, http: access.http }
    : undefined;
}

/** True where a caller has a service account of its own, or the grant accepts that it has not. */
function identityTold(question: Question): boolean {
  const { from, acknowledges, report } = question;
  if (isAddresses(from) || from.serviceAccount !== 'default') return true;
  if (acknowledges.has('shared-service-account')) return true;
  report.add(
    'default-service-account',
    said`${workload(from.id)} runs under the default service account of ${
      from.namespace
    }: the identity layer could not tell it from any other workload there`,
    [from.id],
  );
  return false;
}

function sharedGap({ from }: Question): Gap[] {
  return !isAddresses(from) && from.serviceAccount === 'default'
    ? ['shared-service-account']
    : [];
}

/** Identity at ztunnel, which knows ports and no methods. */
function insideAmbient(question: Question): EnforceableAccess | undefined {
  const { from, to, access, row, report } = question;
  if (!isAddresses(from) && from.sendsHbone !== 'yes') {
    report.add(
      'hbone-not-sent',
      said`${workload(to.id)} is in ambient mode, and ${
        from.sendsHbone === 'no'
          ? said`the proxy of ${workload(
              from.id,
            )} sends no HBONE: its calls arrive`
          : said`nothing says that the proxy of ${workload(
              from.id,
            )} sends HBONE: its calls may arrive`
      } in plaintext and be refused`,
      [from.id, to.id],
    );
    return undefined;
  }
  if (!identityTold(question)) return undefined;
  const held: EnforceableAccess = {
    layers: {
      kernel: kernelLayer(question),
      identity: 'enforced',
      method: 'none',
    },
    gaps: sharedGap(question),
  };
  if (access.http === undefined) return held;
  const why =
    row === 'ambient'
      ? 'which has no waypoint'
      : 'whose waypoint this caller does not use';
  if (!methodGapAccepted(question, why)) return undefined;
  return {
    layers: { ...held.layers, method: 'acknowledged-gap' },
    gaps: ['method-not-enforced', ...held.gaps],
  };
}

function insideMesh(question: Question): EnforceableAccess | undefined {
  const { from, to, access, row, report } = question;
  if (row === 'sidecar-ambient' && !to.hbone) {
    report.add(
      'hbone-not-taken',
      said`${workload(from.id)} is in ambient mode, and ${workload(
        to.id,
      )} has a sidecar that takes no HBONE: its calls arrive in plaintext and are refused`,
      [from.id, to.id],
    );
    return undefined;
  }
  if (!identityTold(question)) return undefined;
  if (access.http !== undefined && !methodsReadable(question)) return undefined;
  return {
    ...(access.http && { http: access.http }),
    layers: {
      kernel: kernelLayer(question),
      identity: 'enforced',
      method: access.http ? 'enforced' : 'none',
    },
    gaps: sharedGap(question),
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
    'mesh-address': plaintextIntoMesh,
    'sidecar-sidecar': insideMesh,
    'sidecar-ambient': insideMesh,
    ambient: insideAmbient,
    waypoint: insideMesh,
    'waypoint-direct': insideAmbient,
  }[question.row];
  const decided = decide(question);
  if (!decided || question.mode === 'enforce') return decided;
  const nothing = { kernel: 'none', identity: 'none', method: 'none' } as const;
  return { ...decided, layers: nothing };
}
