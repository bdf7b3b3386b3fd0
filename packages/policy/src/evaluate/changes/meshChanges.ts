import { asArray, asJson } from '../../estate/json';
import { Cluster, KubernetesObject } from '../../estate/types';
import { CompiledAuthorizationPolicy } from '../istio/Authorization';
import { objectName } from '../objectName';
import { Party, WorkloadParty, nameOf } from '../party';
import { Call } from '../types';
import { WaypointStop } from '../ways/Way';
import { Candidate, addition, removal, replacement } from './Candidate';
import { podSelector } from './podSelector';
import { byIdentity, byLabels } from './whom';

function sourceOf(from: Party, hasIdentity: boolean): Record<string, string[]> {
  if (from.kind === 'address')
    return { ipBlocks: from.addresses.toCidrs().slice(0, 1) };
  if (!hasIdentity) return { notPrincipals: ['*'] };
  const { namespace, serviceAccount } = from.workload;
  const { trustDomain } = from.cluster.profile.mesh;
  return {
    principals: [`${trustDomain}/ns/${namespace}/sa/${serviceAccount}`],
  };
}

function operationOf(
  port: number,
  http: Call['http'],
): Record<string, string[]> {
  const ports = [`${port}`];
  return http
    ? {
        methods: [http.method],
        paths: [http.path.replace(/[?#].*$/s, '')],
        ports,
      }
    : { ports };
}

interface Admission {
  from: Party;
  hasIdentity: boolean;
  port: number;
  http?: Call['http'];
}

function authorizationPolicy(
  name: string,
  namespace: string,
  subject: Record<string, unknown>,
  { from, hasIdentity, port, http }: Admission,
): KubernetesObject {
  const source = sourceOf(from, hasIdentity);
  const operation = operationOf(port, http);
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name, namespace },
    spec: {
      ...subject,
      action: 'ALLOW',
      rules: [{ from: [{ source }], to: [{ operation }] }],
    },
  };
}

function whatOf({ port, http }: Admission): string {
  return http ? `${http.method} ${http.path}` : `port ${port}`;
}

/** A policy of the workload's own proxy that admits a caller. */
export function allowChange(
  to: WorkloadParty,
  admission: Admission,
): Candidate {
  const { workload, cluster } = to;
  return addition(
    cluster,
    admission.http ? 'method' : 'identity',
    authorizationPolicy(
      `${workload.name}-allow-${admission.port}`,
      workload.namespace,
      { selector: podSelector(to) },
      admission,
    ),
    `Add an authorization policy of ${byLabels(to)} that admits ${whatOf(
      admission,
    )} from ${byIdentity(admission.from, admission.hasIdentity)}.`,
  );
}

/** A policy of a waypoint that admits a caller to a Service, or to the addresses of pods. */
export function waypointChange(
  stop: WaypointStop,
  admission: Admission,
): Candidate {
  const { waypoint, address, party } = stop;
  const target = address
    ? { kind: 'Service', name: address.service.name }
    : {
        group: 'gateway.networking.k8s.io',
        kind: 'Gateway',
        name: waypoint.name,
      };
  const name = `${target.name}-waypoint-allow-${admission.port}`;
  const namespace = address?.service.namespace ?? waypoint.namespace;
  const what = address
    ? `Service ${address.service.id}`
    : `the pods behind waypoint ${waypoint.id}`;
  return addition(
    party.cluster,
    admission.http ? 'method' : 'identity',
    authorizationPolicy(name, namespace, { targetRefs: [target] }, admission),
    `Add an authorization policy of ${what} that admits ${whatOf(
      admission,
    )} from ${byIdentity(admission.from, admission.hasIdentity)}.`,
  );
}

/** Plaintext on one port. */
export function permissiveChange(
  to: WorkloadParty,
  from: Party,
  port: number,
): Candidate {
  const { workload, cluster } = to;
  const object: KubernetesObject = {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: {
      name: `${workload.name}-permissive-${port}`,
      namespace: workload.namespace,
    },
    spec: {
      selector: podSelector(to),
      portLevelMtls: { [port]: { mode: 'PERMISSIVE' } },
    },
  };
  const text = `Let ${byLabels(
    to,
  )} take plaintext on port ${port} from everybody (bringing ${nameOf(
    from,
  )} into the mesh would be better: plaintext has no identity).`;
  return addition(cluster, 'identity', object, text);
}

/** A DENY policy without the rules that stand in the way. */
export function withoutRules(
  policy: CompiledAuthorizationPolicy,
  cluster: Cluster,
  rules: readonly number[],
): Candidate {
  const { object } = policy.manifest;
  const spec = asJson(object.spec);
  const kept = asArray(spec.rules).filter((_, index) => !rules.includes(index));
  // Istio refuses a DENY that is left without rules.
  if (kept.length === 0)
    return removal(
      policy.manifest,
      cluster,
      'method',
      `Remove ${objectName(policy.ref)}, which denies the call.`,
    );
  const names = rules.map(index => `rules[${index}]`).join(', ');
  return replacement(
    policy.manifest,
    cluster,
    'method',
    { ...object, spec: { ...spec, rules: kept } },
    `Remove ${names} of ${objectName(policy.ref)}, which denies the call.`,
  );
}
