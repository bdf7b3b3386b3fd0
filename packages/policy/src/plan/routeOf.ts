import { Cluster, Service, Waypoint, Workload } from '../estate/types';
import { PolicyMode } from '../model/types';
import { CallerParty, isAddresses, meshOfCaller } from './callerParty';
import { EnforceableAccess } from './decideLayers';
import { principalOf, principalsOf } from './EdgeEnds';
import { egressOf } from './egressState';
import { hostBlocks } from './hostBlocks';
import { PlanContext } from './PlanContext';
import { Report } from './Report';
import {
  AddressEnd,
  AdmittedSource,
  Admission,
  EdgeEnd,
  KernelHop,
  SupportedRow,
} from './types';
import { waypointWays, workloadOfWaypoint } from './waypointWays';
import { formatWay, WorkloadPort } from './workloadPorts';
import { details, said, workload } from '../words';

/** The port on which HBONE arrives, whatever port of the workload it carries. */
export const HBONE_PORT = 15008;

/** One pair and port, with all that was decided about it. */
export interface RouteQuestion {
  context: PlanContext;
  cluster: Cluster;
  from: CallerParty;
  fromEnd: EdgeEnd | AddressEnd;
  to: Workload;
  toEnd: EdgeEnd;
  port: WorkloadPort;
  row: SupportedRow;
  self: boolean;
  enforceable: EnforceableAccess;
  mode: PolicyMode;
  report: Report;
}

/** How a call gets there, and what has to let it through on the way. */
export interface Route {
  hops: KernelHop[];
  admissions: Admission[];
}

function egressState(
  { context, cluster, mode }: RouteQuestion,
  from: CallerParty,
): KernelHop['egress'] {
  if (isAddresses(from)) return 'open';
  const state = egressOf(context, cluster, from);
  // Closing a caller is a decision of its own: what is declared stays open whatever the mode of the API is.
  return state === 'isolated-by-others' && mode !== 'enforce' ? 'open' : state;
}

function direct(question: RouteQuestion, port: number): KernelHop {
  const { cluster, from, fromEnd, to, toEnd, mode } = question;
  return {
    from: fromEnd,
    to: toEnd,
    protocol: question.port.protocol,
    port,
    egress: egressState(question, from),
    ingress:
      mode === 'enforce' &&
      to.runsOn === 'pods' &&
      cluster.profile.cni.enforcesNetworkPolicy
        ? 'isolated-by-callgate'
        : 'open',
  };
}

/** Ports of the pod on which a direct call arrives: HBONE from or to ambient, else the port itself, also between sidecars that take HBONE (A1). */
function arrivalPorts({ port, row }: RouteQuestion): number[] {
  switch (row) {
    case 'ambient':
    case 'waypoint':
    case 'waypoint-direct':
    case 'sidecar-ambient':
      return [HBONE_PORT];
    default:
      return [port.port];
  }
}

/** Principals of a caller as the provider's proxy compares them. */
function sourceAt(
  { cluster, from, row }: RouteQuestion,
  proxy: 'envoy' | 'ztunnel',
): AdmittedSource {
  if (isAddresses(from)) return { kind: 'plaintext', cidrs: from.cidrs };
  if (row === 'mesh-address')
    return { kind: 'plaintext', cidrs: hostBlocks(from) };
  if (row === 'mesh-plain' || meshOfCaller(from) === 'none')
    return { kind: 'plaintext' };
  const { namespace, serviceAccount } = from;
  return {
    kind: 'principals',
    principals:
      proxy === 'ztunnel'
        ? principalsOf(cluster, namespace, serviceAccount)
        : [principalOf(cluster, namespace, serviceAccount)],
  };
}

function atWorkload(question: RouteQuestion): Admission[] {
  const { to, port, row, enforceable } = question;
  if (row === 'plain-any') return [];
  return [
    {
      at: { kind: 'workload' },
      source: sourceAt(question, to.mesh === 'ambient' ? 'ztunnel' : 'envoy'),
      port: port.port,
      ...(enforceable.http && { http: enforceable.http }),
    },
  ];
}

function straight(question: RouteQuestion): Route {
  return {
    hops: arrivalPorts(question).map(port => direct(question, port)),
    admissions: atWorkload(question),
  };
}

function overWaypoint(
  question: RouteQuestion,
  waypoint: Waypoint,
  services: { service: Service; port: number }[],
): Route | undefined {
  const { context, cluster, fromEnd, toEnd, from, port, report } = question;
  const proxy = workloadOfWaypoint(cluster, waypoint);
  const end = proxy && context.ends.of(cluster, proxy, new Set(), report);
  if (!proxy || !end) return undefined;
  const last = direct(question, HBONE_PORT);
  return {
    hops: [
      {
        ...last,
        from: fromEnd,
        to: end,
        egress: egressState(question, from),
        // Whether the waypoint itself is closed is known when everything behind it is planned.
        ingress: 'open',
      },
      {
        ...last,
        from: end,
        to: toEnd,
        egress: egressState(question, proxy),
      },
    ],
    admissions: [
      // The provider sees the waypoint's identity; who calls through it, the waypoint decides (docs/semantics.md, A6).
      {
        at: { kind: 'workload' },
        source: {
          kind: 'principals',
          principals: principalsOf(
            cluster,
            waypoint.namespace,
            waypoint.serviceAccount,
          ),
        },
        port: port.port,
      },
      ...services.map(
        ({ service, port: servicePort }): Admission => ({
          at: {
            kind: 'service',
            namespace: service.namespace,
            name: service.name,
          },
          source: sourceAt(question, 'envoy'),
          port: servicePort,
          ...(question.enforceable.http && { http: question.enforceable.http }),
        }),
      ),
    ],
  };
}

function throughWaypoints(question: RouteQuestion): Route | undefined {
  const { cluster, from, to, port, enforceable, self, report } = question;
  const ways = waypointWays(cluster, from, to, port);
  const routes: (Route | undefined)[] = [];
  const byWaypoint = new Map<
    string,
    { waypoint: Waypoint; services: { service: Service; port: number }[] }
  >();
  for (const { way, waypoint } of ways.through) {
    const entry = byWaypoint.get(waypoint.id) ?? { waypoint, services: [] };
    entry.services.push({ service: way.service, port: way.port.port });
    byWaypoint.set(waypoint.id, entry);
  }
  for (const { waypoint, services } of byWaypoint.values())
    routes.push(overWaypoint(question, waypoint, services));
  const beside = ways.past.length > 0 || self;
  // Past the waypoint the provider's ztunnel holds the port as well as the waypoint does, but no methods.
  if (beside && enforceable.http === undefined && !ways.onAddress)
    routes.push(straight({ ...question, row: 'waypoint-direct' }));
  else {
    const [headless, others] = [
      ways.past.filter(({ service }) => service.headless),
      ways.past.filter(({ service }) => !service.headless),
    ];
    if (headless.length > 0)
      report.add(
        'way-past-waypoint',
        said`Calls to ${workload(to.id)} through ${details(
          headless.map(formatWay),
          ['a headless Service', 'headless Services'],
        )} do not pass its waypoint and are refused`,
        [to.id, ...headless.map(({ service }) => service.id)],
      );
    if (others.length > 0) {
      report.add(
        'waypoint-bypass',
        said`${details(others.map(formatWay), [
          'a Service',
          'Services',
        ])} leads to ${workload(
          to.id,
        )} past the waypoint, where methods cannot be enforced`,
        [to.id, ...others.map(({ service }) => service.id)],
      );
      return undefined;
    }
  }
  const sound = routes.filter(route => route !== undefined);
  if (sound.length < routes.length) return undefined;
  return {
    hops: sound.flatMap(({ hops }) => hops),
    admissions: sound.flatMap(({ admissions }) => admissions),
  };
}

/** The way of a call for one pair and port; undefined where no selector is narrow enough for a waypoint: reported. */
export function routeOf(question: RouteQuestion): Route | undefined {
  return question.row === 'waypoint'
    ? throughWaypoints(question)
    : straight(question);
}
