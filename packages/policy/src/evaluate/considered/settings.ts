import { formatField } from '../../estate/fieldPath';
import { namespaceOf } from '../../estate/buildCluster';
import { asJson, asLabels } from '../../estate/json';
import { matchLabels } from '../../estate/podLabels';
import { groupOf } from '../../estate/podTemplates';
import { hboneVariables } from '../../estate/proxyConfigs';
import { refusalsOf } from '../../estate/refusedObjects';
import { KubernetesObject, Workload } from '../../estate/types';
import {
  asksForTokens,
  validatesFor,
  validatesTokens,
} from '../istio/requestAuthentications';
import { WorkloadParty } from '../party';
import { ConsideredObject } from '../types';
import { WaypointStop } from '../ways/Way';
import { World } from '../World';

const KINDS: readonly string[] = [
  'security.istio.io/RequestAuthentication',
  'telemetry.istio.io/Telemetry',
  'networking.istio.io/ProxyConfig',
];

const kindOf = (object: KubernetesObject) =>
  `${groupOf(object)}/${object.kind}`;

/** Does a policy that decides here look at what tokens say? */
function areTokensAskedFor(
  world: World,
  to: WorkloadParty,
  stops: readonly WaypointStop[],
): boolean {
  const { authorization } = world.of(to.cluster);
  const { gateway } = to.workload;
  return [
    ...authorization.ofGateway(gateway, to.workload),
    ...stops.flatMap(({ waypoint, address }) =>
      authorization.attachedTo(waypoint, address?.service),
    ),
  ].some(({ spec }) => asksForTokens(spec));
}

/** Is a Telemetry or ProxyConfig for the workload: in its namespace or that of the mesh, and by labels where it has some? */
function isFor(
  object: KubernetesObject,
  { namespace, ...workload }: Workload,
  root: string,
): boolean {
  const own = namespaceOf(object);
  const labels = asLabels(asJson(asJson(object.spec).selector).matchLabels);
  return (
    (own === namespace || own === root) &&
    matchLabels(labels, workload) !== 'no'
  );
}

/**
 * Objects of Istio's at a provider that say little or nothing about access, with what that is: tokens that are validated,
 * settings of proxies, metrics and logs.
 */
export function settings(
  world: World,
  to: WorkloadParty,
  stops: readonly WaypointStop[],
): ConsideredObject[] {
  const { workload, cluster } = to;
  const root = cluster.profile.mesh.rootNamespace;
  const ends = {
    workload,
    root,
    stops: stops.map(({ waypoint, address }) => ({
      waypoint,
      ...(address ? { service: address.service } : {}),
    })),
  };
  return world.of(cluster).cluster.objects.flatMap(({ object }) => {
    if (!KINDS.includes(kindOf(object))) return [];
    const isToken = object.kind === 'RequestAuthentication';
    const isNear = isToken
      ? validatesFor(object, ends)
      : isFor(object, workload, root);
    if (!isNear) return [];
    const entry = (considered: boolean, text: string): ConsideredObject[] => [
      {
        kind: object.kind,
        namespace: namespaceOf(object),
        name: object.metadata.name,
        considered,
        text,
      },
    ];
    const [refusal] = refusalsOf(object);
    if (refusal)
      return entry(
        false,
        `The API server would refuse it: ${formatField(refusal.path)} ${
          refusal.message
        }.`,
      );
    if (object.kind === 'Telemetry')
      return entry(
        false,
        'It is about metrics, traces and logs, and says nothing about access.',
      );
    if (object.kind === 'ProxyConfig')
      return Object.keys(hboneVariables(object)).length > 0
        ? entry(true, 'It says whether proxies take HBONE.')
        : entry(
            false,
            'It says nothing about access: settings of proxies do not.',
          );
    if (!validatesTokens(object))
      return entry(false, 'It has no jwtRules, and validates nothing.');
    return areTokensAskedFor(world, to, stops)
      ? entry(
          true,
          `Tokens are validated for ${workload.id}, and a policy asks what they say, which is not judged.`,
        )
      : entry(
          false,
          'It refuses tokens that are wrong; a request without one passes, and no policy here asks for any.',
        );
  });
}
