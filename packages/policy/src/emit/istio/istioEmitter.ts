import { PolicyMode } from '../../model/types';
import { recordsDryRun } from '../../plan/recordsDryRun';
import { Admission, Edge, Isolation, PlumbingEdge } from '../../plan/types';
import { Cluster } from '../../estate/types';
import { Recall } from '../../Recall';
import { metadataOf, ORDER } from '../metadata';
import { groupBy } from '../groupBy';
import { objectName, waypointObjectName } from '../names';
import { EmitInput, Emitter, GeneratedObject } from '../types';
import {
  AuthorizationRule,
  authorizationRules,
  openedBy,
  splitRules,
} from './authorizationRules';
import { edgesInto, edgesOfApi, plumbingAbout } from '../../plan/lookups';

/** How an object of one API is called and where it lives, and what it applies to. */
interface Attachment {
  api: string;
  namespace: string;
  nameOf: (suffix: string[]) => string;
  target: Record<string, unknown>;
  mode: PolicyMode;
}

/** What one of the grants that an object names is admitted by it; nothing for one that the object only names. */
interface Granted {
  grantId: string;
  admission?: Admission;
}

/**
 * ALLOW policies of one workload or Service for one API: several where the CRD's limits demand it. Without a rule the policy
 * still stands and refuses everything (Istio, AuthorizationPolicy: ALLOW that matches nothing).
 */
function allowPolicies(
  { api, namespace, nameOf, target, mode }: Attachment,
  rules: readonly AuthorizationRule[],
  granted: readonly Granted[],
): GeneratedObject[] {
  const grants = granted.map(({ grantId }) => grantId);
  const opens = granted.map(
    ({ grantId, admission }) =>
      [grantId, admission ? openedBy(admission) : []] as const,
  );
  return splitRules(rules).map((portion, index) => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: metadataOf({
      name: nameOf(index === 0 ? [] : [String(index + 1)]),
      namespace,
      api,
      grants,
      opens,
      order: ORDER.ingress,
      ...(mode === 'audit' && {
        annotations: { 'istio.io/dry-run': 'true' },
      }),
    }),
    spec: {
      ...target,
      action: 'ALLOW',
      ...(portion.length > 0 && { rules: portion }),
    },
  }));
}

const emitted = new Recall<Isolation, GeneratedObject[]>();

/** What a workload's own proxy, or its ztunnel, enforces. */
function workloadObjects(
  isolation: Isolation,
  input: EmitInput,
): GeneratedObject[] {
  const { workload, mode } = isolation;
  const edges = edgesInto(input.edges, workload.id);
  const plumbing = plumbingAbout(input.plumbing, workload.id);
  return emitted.get(isolation, [input.cluster, ...edges, ...plumbing], () => [
    ...workloadPolicies(isolation, input.cluster, edges, plumbing),
    ...(mode === 'enforce' ? [peerAuthentication(isolation)] : []),
  ]);
}

function workloadPolicies(
  isolation: Isolation,
  cluster: Cluster,
  into: readonly Edge[],
  about: readonly PlumbingEdge[],
): GeneratedObject[] {
  const { workload, mode } = isolation;
  if (mode === 'audit' && !recordsDryRun(cluster, workload)) return [];
  return isolation.apis.flatMap((api, index) => {
    const edges = into.filter(edge => edge.api === api);
    const plumbing = about.filter(
      ({ direction }) => index === 0 && direction === 'ingress',
    );
    const granted = edges.flatMap(({ grantId, admissions }): Granted[] => [
      { grantId },
      ...admissions
        .filter(({ at }) => at.kind === 'workload')
        .map(admission => ({ grantId, admission })),
    ]);
    return allowPolicies(
      {
        api,
        namespace: workload.namespace,
        nameOf: suffix => objectName(api, workload, suffix),
        target: { selector: { matchLabels: workload.selector } },
        mode,
      },
      authorizationRules(
        granted.flatMap(({ admission }) => admission ?? []),
        plumbing,
      ),
      granted,
    );
  });
}

const serviceKey = ({ namespace, name }: { namespace: string; name: string }) =>
  `${namespace}/${name}`;

/** Policies on the waypoint, for each Service that leads to a closed workload and each API behind it. */
function servicePolicies(
  isolations: readonly Isolation[],
  input: EmitInput,
): GeneratedObject[] {
  const wanted = isolations.flatMap(({ services, apis, mode }) =>
    services.flatMap(service => apis.map(api => ({ service, api, mode }))),
  );
  return groupBy(wanted, ({ service, api }) =>
    JSON.stringify([serviceKey(service), api]),
  ).flatMap(([, [{ service, api, mode }]]) => {
    const edges = edgesOfApi(input.edges, api);
    const own = edges.flatMap(({ admissions, grantId }) =>
      admissions
        .filter(
          ({ at }) =>
            at.kind === 'service' && serviceKey(at) === serviceKey(service),
        )
        .map(admission => ({ admission, grantId })),
    );
    return allowPolicies(
      {
        api,
        namespace: service.namespace,
        nameOf: suffix =>
          waypointObjectName(api, 'to-service', service.name, suffix),
        target: {
          targetRefs: [{ group: '', kind: 'Service', name: service.name }],
        },
        mode,
      },
      authorizationRules(own.map(({ admission }) => admission)),
      own,
    );
  });
}

/**
 * Closes the way over a waypoint to the pods' own addresses, which no policy of a Service is about (docs/semantics.md, A8). Policies
 * add up, so that Services keep what theirs admit.
 */
function podWayPolicies(isolations: readonly Isolation[]): GeneratedObject[] {
  const wanted = isolations.flatMap(({ podWaypoints, apis, mode }) =>
    podWaypoints.flatMap(waypoint =>
      apis.map(api => ({ waypoint, api, mode })),
    ),
  );
  return groupBy(wanted, ({ waypoint, api }) =>
    JSON.stringify([serviceKey(waypoint), api]),
  ).flatMap(([, [{ waypoint, api, mode }]]) =>
    allowPolicies(
      {
        api,
        namespace: waypoint.namespace,
        nameOf: suffix =>
          waypointObjectName(api, 'to-waypoint', waypoint.name, suffix),
        target: {
          targetRefs: [
            {
              group: 'gateway.networking.k8s.io',
              kind: 'Gateway',
              name: waypoint.name,
            },
          ],
        },
        mode,
      },
      [],
      [],
    ),
  );
}

/** Mutual TLS for one workload, with exceptions for the ports that callers without mesh are granted. */
function peerAuthentication(isolation: Isolation): GeneratedObject {
  const { workload, permissivePorts, apis } = isolation;
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: metadataOf({
      name: objectName(apis[0], workload),
      namespace: workload.namespace,
      api: apis[0],
      order: ORDER.strict,
    }),
    spec: {
      selector: { matchLabels: workload.selector },
      mtls: { mode: 'STRICT' },
      ...(permissivePorts.length > 0 && {
        portLevelMtls: Object.fromEntries(
          permissivePorts.map(port => [String(port), { mode: 'PERMISSIVE' }]),
        ),
      }),
    },
  };
}

/**
 * The identity and method layers of the mesh: at sidecars, ztunnels and waypoints. In audit, policies are dry-run and mutual TLS stays as it is.
 *
 * @public
 */
export const istioEmitter: Emitter = {
  name: 'istio',
  capabilities: { layers: ['identity', 'method'], dryRun: true },
  emit(input) {
    const inMesh = input.isolations.filter(
      ({ direction, layers, mode }) =>
        direction === 'ingress' && layers.identity && mode !== 'observe',
    );
    return [
      ...inMesh.flatMap(isolation => workloadObjects(isolation, input)),
      ...servicePolicies(inMesh, input),
      ...podWayPolicies(inMesh),
    ];
  },
};
