import { CatalogIndex } from '../CatalogIndex';
import { Bindings, ClaimsInput } from './Bindings';
import { Owners } from './Owners';
import { confirmedProviders, providersOf } from './providers';

/**
 * Somebody whose workload an API runs on, beside the owners of the API itself.
 *
 * @public
 */
export interface CoOwner {
  /** another API on the same workloads; absent where it is about the workloads themselves */
  api?: string;
  /** owners of that API, or of the workloads, sorted */
  owners: string[];
  /** sorted */
  workloads: { cluster: string; workload: string }[];
}

/**
 * Who has to decide about an API together with its owners: the owners of each other API that the same workloads serve, where
 * these are others, and whoever owns workloads of a provider that the API's owners do not own. What is opened on a workload
 * is open for all of it.
 *
 * @param clusters - names of the clusters concerned; default all
 * @public
 */
export function coOwnersOf(
  input: ClaimsInput,
  api: string,
  clusters?: readonly string[],
): CoOwner[] {
  const { policies } = input;
  const catalog = CatalogIndex.of(input.catalog);
  const bindings = Bindings.of(input);
  const known = Owners.of(catalog);
  const ownersOf = (ref: string) => {
    const entity = catalog.get(ref);
    return entity ? [...catalog.ownersOf(entity)].sort() : [];
  };
  const counted = (each: string) =>
    providersOf(catalog, each, confirmedProviders(policies, each)).counted;
  const found = new Map<string, CoOwner>();
  const add = (
    who: Omit<CoOwner, 'workloads'>,
    where: CoOwner['workloads'][number],
  ) => {
    const key = JSON.stringify([who.api ?? '', who.owners]);
    const entry = found.get(key) ?? { ...who, workloads: [] };
    const isKnown = entry.workloads.some(
      each =>
        each.cluster === where.cluster && each.workload === where.workload,
    );
    if (!isKnown) entry.workloads.push(where);
    found.set(key, entry);
  };

  const own = ownersOf(api);
  for (const provider of counted(api)) {
    const binding = bindings.of(provider);
    if (binding.kind !== 'workloads') continue;
    for (const { cluster, id } of binding.workloads) {
      if (clusters && !clusters.includes(cluster)) continue;
      const where = { cluster, workload: id };
      const holding = bindings
        .on(cluster, id)
        .filter(({ state }) => state === 'holds');
      for (const { entity } of holding)
        for (const other of catalog.apisProvidedBy(entity))
          if (
            other !== api &&
            catalog.get(other) &&
            counted(other).includes(entity) &&
            !known.meet(own, ownersOf(other))
          )
            add({ api: other, owners: ownersOf(other) }, where);
      const claim = holding.find(({ entity }) => entity === provider);
      const holders = claim?.owner ? [claim.owner.ref] : claim?.owners ?? [];
      if (!known.meet(own, holders)) add({ owners: holders }, where);
    }
  }
  return [...found.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, each]) => ({
      ...each,
      workloads: [...each.workloads].sort((a, b) =>
        `${a.cluster} ${a.workload}` < `${b.cluster} ${b.workload}` ? -1 : 1,
      ),
    }));
}
