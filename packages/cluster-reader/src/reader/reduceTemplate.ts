import { asArray, asJson, asText, defined, pick, type Json } from '../json';

/** Variables of platform components that decide verdicts (packages/policy, `profile/discover`); no others are kept. */
const VARIABLES = new Set([
  'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY',
  'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES',
  'ENABLE_NATIVE_SIDECARS',
  'HOST_PROBE_SNAT_IP',
  'HOST_PROBE_SNAT_IPV6',
  'PILOT_AUTO_ALLOW_WAYPOINT_POLICY',
  'PILOT_ENABLE_SENDING_HBONE',
  'SHARED_MESH_CONFIG',
]);

/** Arguments of such components. */
const ARGUMENTS = new Set([
  'secureGRPCAddr',
  'enable-network-policy',
  'localip',
]);

/** Words by which Istio's agent and ztunnel are told what they are. */
const ROLES = new Set(['proxy', 'sidecar', 'router', 'waypoint', 'ztunnel']);

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/**
 * A pod template with what decides about access: labels, annotations, account, network, names and ports of containers.
 * Commands, arguments and variables are left out but for a few of platform components by name, because they may hold
 * secrets.
 */
export function reduceTemplate(value: unknown): Json {
  const template = asJson(value);
  const metadata = asJson(template.metadata);
  return defined({
    metadata: defined({
      labels: metadata.labels,
      annotations: withoutNoise(metadata.annotations),
    }),
    spec: reducePodSpec(template.spec, { isPod: false }),
  });
}

/** The `spec` of a Pod or of a template. A Pod keeps no image: its owner has it. */
export function reducePodSpec(
  value: unknown,
  { isPod }: { isPod: boolean },
): Json {
  const spec = asJson(value);
  const containers = (list: unknown) =>
    list === undefined
      ? undefined
      : asArray(list).map(each => reduceContainer(each, isPod));
  return defined({
    ...pick(spec, ['serviceAccountName', 'serviceAccount', 'hostNetwork']),
    containers: containers(spec.containers),
    initContainers: containers(spec.initContainers),
  });
}

function reduceContainer(value: unknown, isPod: boolean): Json {
  const container = asJson(value);
  const ports = asArray(container.ports).map(each =>
    pick(each, ['name', 'containerPort', 'protocol', 'hostPort']),
  );
  const args = argumentsOf(container);
  const isIstiod = container.name === 'discovery';
  const env = asArray(container.env)
    .map(asJson)
    .flatMap(each => variableOf(each, isIstiod));
  return defined({
    ...pick(container, ['name', 'restartPolicy']),
    ...(isPod ? {} : pick(container, ['image'])),
    ports: ports.length > 0 ? ports : undefined,
    args: args.length > 0 ? args : undefined,
    env: env.length > 0 ? env : undefined,
    // That there are more, wherever they come from.
    envFrom: asArray(container.envFrom).length > 0 ? [{}] : undefined,
    ...Object.fromEntries(
      PROBES.flatMap(name => {
        const probe = reduceProbe(container[name]);
        return probe ? [[name, probe]] : [];
      }),
    ),
  });
}

function argumentsOf(container: Json): string[] {
  const words = [
    ...asArray(container.command),
    ...asArray(container.args),
  ].filter((word): word is string => typeof word === 'string');
  const isProxy = container.name === 'istio-proxy';
  const kept: string[] = [];
  words.forEach((word, index) => {
    if (isProxy && ROLES.has(word)) kept.push(word);
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(word);
    if (!match || !ARGUMENTS.has(match[1])) return;
    const text = match[2] ?? words[index + 1];
    if (text !== undefined) kept.push(`--${match[1]}=${text}`);
  });
  return kept;
}

function variableOf(variable: Json, isIstiod: boolean): Json[] {
  const name = asText(variable.name);
  // Elsewhere anything is called so.
  const isRevision = isIstiod && name === 'REVISION';
  if (name === undefined || !(VARIABLES.has(name) || isRevision)) return [];
  if (variable.valueFrom !== undefined) return [{ name, valueFrom: {} }];
  return [defined({ name, value: variable.value })];
}

/** Which port a probe goes to, and how; not with which headers or commands. */
function reduceProbe(value: unknown): Json | undefined {
  const probe = asJson(value);
  for (const kind of ['httpGet', 'grpc', 'tcpSocket'])
    if (probe[kind] !== undefined)
      return { [kind]: pick(probe[kind], ['port', 'scheme']) };
  return undefined;
}

/** Annotations that repeat the object, or that tools write into it at every turn. */
const NOISE =
  /^(kubectl\.kubernetes\.io\/(last-applied-configuration|restartedAt)|deployment\.kubernetes\.io\/|control-plane\.alpha\.kubernetes\.io\/leader$|endpoints\.kubernetes\.io\/|meta\.helm\.sh\/|autoscaling\.alpha\.kubernetes\.io\/)/;

/** Annotations without those that say nothing. */
export function withoutNoise(annotations: unknown): Json | undefined {
  const kept = Object.entries(asJson(annotations)).filter(
    ([key]) => !NOISE.test(key),
  );
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
