import { CatalogIndex, refsOf } from '../CatalogIndex';
import { entityRefOf } from '../../model/entity';
import { Claimant } from './types';
import { placeText } from './placeText';

const LOCATIONS = [
  'backstage.io/managed-by-location',
  'backstage.io/managed-by-origin-location',
];

/**
 * Who owns what in a catalog, and which groups stand above which. Both `spec` and relations count, from either side.
 */
export class Owners {
  static readonly #known = new WeakMap<CatalogIndex, Owners>();

  /** Made once for each catalog. */
  static of(catalog: CatalogIndex): Owners {
    let owners = Owners.#known.get(catalog);
    if (!owners) {
      owners = new Owners(catalog);
      Owners.#known.set(catalog, owners);
    }
    return owners;
  }

  readonly #claimants = new Map<string, Claimant>();
  readonly #above = new Map<string, ReadonlySet<string>>();
  #parents?: Map<string, Set<string>>;

  private constructor(private readonly catalog: CatalogIndex) {}

  /** An entity as one that claims something. */
  claimant(ref: string): Claimant {
    let claimant = this.#claimants.get(ref);
    if (!claimant) {
      const entity = this.catalog.get(ref);
      const annotations = entity?.metadata.annotations ?? {};
      const place = LOCATIONS.map(key => annotations[key]).find(
        text => typeof text === 'string' && text !== '',
      );
      claimant = {
        entity: ref,
        owners: entity ? [...this.catalog.ownersOf(entity)].sort() : [],
        ...(place !== undefined && { registeredAt: placeText(place) }),
      };
      this.#claimants.set(ref, claimant);
    }
    return claimant;
  }

  /** Whether one of several is an owner, or a group below or above it. Users are only themselves. */
  include(owners: readonly string[], owner: string): boolean {
    return owners.some(
      each =>
        each === owner ||
        this.#groupsAbove(each).has(owner) ||
        this.#groupsAbove(owner).has(each),
    );
  }

  /** The same for two lists: whether one of the first is one of the second. */
  meet(owners: readonly string[], others: readonly string[]): boolean {
    return others.some(other => this.include(owners, other));
  }

  #groupsAbove(ref: string): ReadonlySet<string> {
    let above = this.#above.get(ref);
    if (!above) {
      const found = new Set<string>();
      const queue = [ref];
      for (const each of queue)
        for (const parent of this.#parentsOf(each))
          if (!found.has(parent)) {
            found.add(parent);
            queue.push(parent);
          }
      above = found;
      this.#above.set(ref, above);
    }
    return above;
  }

  #parentsOf(ref: string): ReadonlySet<string> {
    if (!this.#parents) {
      this.#parents = new Map();
      for (const group of this.catalog.groups()) {
        const own = entityRefOf(group);
        for (const parent of refsOf(group, 'parent', 'childOf', 'group'))
          this.#put(own, parent);
        for (const child of refsOf(group, 'children', 'parentOf', 'group'))
          this.#put(child, own);
      }
    }
    return this.#parents.get(ref) ?? new Set();
  }

  #put(child: string, parent: string): void {
    const known = this.#parents?.get(child);
    if (known) known.add(parent);
    else this.#parents?.set(child, new Set([parent]));
  }
}

/** Whether all have one owner in common; one alone always has. */
export function haveOneOwner(claimants: readonly Claimant[]): boolean {
  const [first, ...others] = claimants;
  return (
    others.length === 0 ||
    first.owners.some(owner =>
      others.every(({ owners }) => owners.includes(owner)),
    )
  );
}
