import { amendCluster } from '../estate/amendCluster';
import { isGenerated } from '../plan/foreignPolicies';
import type { Cluster, ManifestObject } from '../estate/types';
import { createWorld, type World } from '../evaluate/World';
import { touchedEnds } from '../reach/touchedEnds';
import { workloadAt } from './accessChanges';
import { type ApiDraft, placeKey } from './draftTypes';
import { newcomersNamespace } from './newcomers';
import { originKey, placeOf } from './origins';
import { compareClusters } from './proveDrafts';
import type { AccessChange, HandWritten, ObjectOrigin } from './types';

/** Kinds that can be replaced by what is generated. */
const KINDS = new Set([
  'NetworkPolicy',
  'AuthorizationPolicy',
  'PeerAuthentication',
]);

/** Differences that are kept of each object: the first ones say why it stays. */
const MOST_CHANGES = 3;

interface Candidate {
  cluster: string;
  manifest: ManifestObject;
  origin: ObjectOrigin;
  apis: string[];
}

/**
 * The policies that were written by hand and are about workloads of imported APIs, and whether they can be deleted once what was
 * generated is in force. Each is taken out alone, and all that can go together; what nobody can call more or less afterwards,
 * also not whoever comes later, can go.
 *
 * @param scope - `workloads`: leaves out what may concern everybody, such as what holds for a whole mesh
 */
export function judgeHandWritten(
  after: readonly Cluster[],
  drafts: readonly Pick<ApiDraft, 'api' | 'providers'>[],
  scope: 'whole' | 'workloads' = 'whole',
): HandWritten[] {
  const world = createWorld(after);
  const candidates = candidatesIn(after, world, drafts, scope);
  if (candidates.length === 0) return [];
  const changesWithout = (gone: readonly Candidate[]) =>
    compareClusters(after, withoutAll(after, gone), world).changes;
  if (changesWithout(candidates).length === 0)
    return candidates.map(each => judged(each, []));
  const alone = new Map(
    candidates.map(each => [each, changesWithout([each])] as const),
  );
  const free = candidates.filter(each => alone.get(each)?.length === 0);
  // Mostly what can go alone can go together: then nobody has to be asked one after the other.
  const areFree = free.length < 2 || changesWithout(free).length === 0;
  const going: Candidate[] = [];
  return candidates.map(each => {
    const own = alone.get(each) ?? [];
    if (own.length > 0 || areFree) return judged(each, own);
    const together = changesWithout([...going, each]);
    if (together.length > 0)
      return { ...judged(each, together), alone: true as const };
    going.push(each);
    return judged(each, []);
  });
}

function judged(
  { origin, apis }: Candidate,
  changes: readonly AccessChange[],
): HandWritten {
  return {
    ...origin,
    apis,
    canGo: changes.length === 0,
    changes: [
      ...changes.filter(each => !isLater(each)),
      ...changes.filter(isLater),
    ].slice(0, MOST_CHANGES),
  };
}

/** What runs already says more about a policy than whoever comes later. */
function isLater({ from, to }: AccessChange): boolean {
  return [from, to].some(end => newcomersNamespace(end) !== undefined);
}

function withoutAll(
  clusters: readonly Cluster[],
  gone: readonly Candidate[],
): Cluster[] {
  return clusters.map(cluster => {
    const remove = gone
      .filter(each => each.cluster === cluster.name)
      .map(({ manifest }) => manifest);
    return remove.length > 0 ? amendCluster(cluster, { remove }) : cluster;
  });
}

/** Policies whose absence would be felt by a workload of an imported API. */
function candidatesIn(
  clusters: readonly Cluster[],
  world: World,
  drafts: readonly Pick<ApiDraft, 'api' | 'providers'>[],
  scope: 'whole' | 'workloads',
): Candidate[] {
  return clusters
    .flatMap(cluster =>
      cluster.objects
        .filter(({ object }) => KINDS.has(object.kind) && !isGenerated(object))
        .flatMap((manifest): Candidate[] => {
          const { kind, metadata } = manifest.object;
          const gone = clusters.map(each =>
            each === cluster
              ? amendCluster(each, { remove: [manifest] })
              : each,
          );
          const touched = touchedEnds(world, world.amended(gone));
          const keys =
            touched &&
            [...touched.ingress, ...touched.mesh].flatMap(end => {
              const found = workloadAt(end, clusters);
              return found ? [placeKey(found.cluster, found.id)] : [];
            });
          // What may concern everybody concerns each API of its cluster.
          const concernsAny = (providers: ApiDraft['providers']) =>
            scope === 'whole' &&
            [...providers].some(key => key.startsWith(`${cluster.name} `));
          const inForce = (providers: ApiDraft['providers']) =>
            kind === 'NetworkPolicy'
              ? providers
              : withProxies(cluster, providers);
          const apis = drafts
            .map(({ api, providers }) => ({
              api,
              providers: inForce(providers),
            }))
            .filter(({ providers }) =>
              keys
                ? keys.some(key => providers.has(key))
                : concernsAny(providers),
            )
            .map(({ api }) => api)
            .sort();
          const origin = {
            cluster: cluster.name,
            kind,
            namespace: metadata.namespace ?? 'default',
            name: metadata.name,
            at: placeOf(manifest.at),
          };
          return apis.length > 0
            ? [{ cluster: cluster.name, manifest, origin, apis }]
            : [];
        }),
    )
    .sort((a, b) => (originKey(a.origin) < originKey(b.origin) ? -1 : 1));
}

/**
 * The workloads that enforce policies of the mesh, or may: a proxy does, so where none runs these say nothing. Istio's references of
 * PeerAuthentication and AuthorizationPolicy say so of sidecars, ztunnel and waypoints.
 */
function withProxies(
  { name, workloads, waypoints }: Cluster,
  providers: ApiDraft['providers'],
): ApiDraft['providers'] {
  if (waypoints.length > 0) return providers;
  const outside = workloads.filter(
    ({ mesh, meshIsGuess, gateway, router }) =>
      mesh === 'none' && !meshIsGuess && gateway === undefined && !router,
  );
  const left = new Set(providers);
  for (const { id } of outside) left.delete(placeKey(name, id));
  return left;
}
