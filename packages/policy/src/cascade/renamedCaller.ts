import type { Cluster } from '../estate/types';
import { entityRefOf } from '../model/entity';
import { parsePinnedEnd } from '../model/pinnedEnd';
import type { CatalogEntity, Grant } from '../model/types';
import { CatalogIndex } from '../plan/CatalogIndex';
import type { Bindings } from '../plan/claims/Bindings';
import { Pins } from '../plan/Pins';
import type { RememberedEntity } from './types';

const ORIGIN = 'backstage.io/managed-by-origin-location';
const LOCATION = 'backstage.io/managed-by-location';

/**
 * The entity that a caller which is gone seems to be now: of the same kind, from the same file, with the same owners, and bound to the
 * very ends that were approved, no more and no fewer. Whoever writes a catalog file could claim any of these but the last: the
 * workloads are whose the platform says. It is a guess for people all the same; nothing is granted by it.
 *
 * @returns undefined where none is, and where several are
 */
export function renamedCaller(
  gone: RememberedEntity,
  grant: Grant,
  context: {
    catalog: readonly CatalogEntity[];
    clusters: readonly Cluster[];
    bindings: Bindings;
  },
): string | undefined {
  const { catalog, clusters, bindings } = context;
  const pins = Pins.of(grant);
  const wanted = new Set(grant.ends?.caller ?? []);
  if (!pins || wanted.size === 0) return undefined;
  const index = CatalogIndex.of(catalog);
  const lastOwners = [...(gone.lastOwners ?? gone.owners)].sort().join();
  const kind = gone.ref.slice(0, gone.ref.indexOf(':'));
  const places = new Set(
    [...wanted].flatMap(text => {
      const end = parsePinnedEnd(text);
      return end?.kind === 'account' ? end.cluster : [];
    }),
  );
  const found = catalog.filter(entity => {
    const ref = entityRefOf(entity);
    if (!ref.startsWith(`${kind}:`) || !isFromThere(entity, gone)) return false;
    const owners = [...index.ownersOf(entity)].sort();
    if (owners.length === 0 || owners.join() !== lastOwners) return false;
    const binding = bindings.of(ref);
    if (binding.kind !== 'workloads' || binding.leftOut?.length) return false;
    const here = binding.workloads.flatMap(workload => {
      const cluster = clusters.find(({ name }) => name === workload.cluster);
      return cluster && places.has(cluster.name) ? [{ cluster, workload }] : [];
    });
    return (
      here.length > 0 &&
      here.every(({ cluster, workload }) =>
        pins.admits('caller', cluster, workload),
      ) &&
      [...wanted].every(text => {
        const one = Pins.of({
          ...grant,
          members: undefined,
          ends: { caller: [text], provider: [] },
        });
        return here.some(({ cluster, workload }) =>
          one?.admits('caller', cluster, workload),
        );
      })
    );
  });
  return found.length === 1 ? entityRefOf(found[0]) : undefined;
}

function isFromThere(
  { metadata }: CatalogEntity,
  { origin, location }: RememberedEntity,
): boolean {
  const annotations = metadata.annotations ?? {};
  return (
    (origin !== undefined && annotations[ORIGIN] === origin) ||
    (location !== undefined && annotations[LOCATION] === location)
  );
}

/** What is to be remembered of an entity for the time when it is gone. */
export function toRemember(
  catalog: readonly CatalogEntity[],
  refs: Iterable<string>,
): RememberedEntity[] {
  const index = CatalogIndex.of(catalog);
  return [...new Set(refs)].sort().flatMap((ref): RememberedEntity[] => {
    const entity = index.get(ref);
    if (!entity) return [];
    const { [ORIGIN]: origin, [LOCATION]: location } =
      entity.metadata.annotations ?? {};
    return [
      {
        ref,
        owners: [...index.ownersOf(entity)].sort(),
        ...(typeof origin === 'string' && { origin }),
        ...(typeof location === 'string' && { location }),
      },
    ];
  });
}
