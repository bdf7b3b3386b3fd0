import { asArray, asJson, asText, type Json } from '../json';
import type { ReadKind } from './wantedKinds';
import { reduceObject } from './reduceObject';

/** The controller of an object, in its own namespace. */
export interface Owner {
  kind: string;
  name: string;
}

/** Objects of all kinds, as far as those of one kind depend on others: see `ObjectStore.lines`. */
export interface Surroundings {
  /** The controller of `namespace/Kind/name`; `null` where it is there and has none, `undefined` where it is not there. */
  ownerOf(id: string): Owner | null | undefined;
  /** Does a Pod name `namespace/Kind/name` as its owner? */
  ownsPods(id: string): boolean;
}

/** What replaces all that a store has, object by object: a list comes in pages, and none is kept longer than it has to be. */
export interface Refill {
  add(object: Json): void;
  /** Replaces everything. True if that made a difference. */
  commit(): boolean;
}

/** What there is of one kind. Objects come as the API server sends them, and are kept reduced. */
export interface KindStore {
  refill(): Refill;
  /** Takes an object or its new state. True if that made a difference. */
  set(object: Json): boolean;
  /** Forgets an object. True if it was there. */
  delete(object: Json): boolean;
  /** Objects by namespace (empty outside namespaces), sorted by name. */
  lines(around: Surroundings): Map<string, Line[]>;
}

/** One object. */
export interface Line {
  name: string;
  /** In JSON; absent where it is nested too deep to be kept. */
  text?: string;
}

interface Kept {
  namespace: string;
  name: string;
  /** Absent where it is nested too deep. */
  text?: string;
  owner: Owner | null;
  /** A ReplicaSet of a rollout that is over, or the like. */
  isSpent: boolean;
}

/** The controller that an object names, or `null`. */
export function controllerOf(object: Json): Owner | null {
  const owners = asArray(asJson(object.metadata).ownerReferences).map(asJson);
  const owner = owners.find(each => each.controller === true) ?? owners[0];
  const kind = asText(owner?.kind);
  const name = asText(owner?.name);
  return kind && name ? { kind, name } : null;
}

/** Where an object is: its namespace, empty outside namespaces, and its name. */
export function placeOf({ metadata }: Json): {
  namespace: string;
  name: string;
} {
  const { namespace, name } = asJson(metadata);
  return { namespace: asText(namespace) ?? '', name: asText(name) ?? '' };
}

/** Kinds that stay behind when a rollout is over, ten for each Deployment. */
const LEFT_BEHIND = new Set(['ReplicaSet', 'ReplicationController']);

/** Objects of any kind but Pods, as texts. */
export class ObjectStore implements KindStore {
  #objects = new Map<string, Kept>();

  constructor(
    private readonly kind: Pick<
      ReadKind,
      'group' | 'version' | 'kind' | 'form'
    >,
  ) {}

  refill(): Refill {
    const next = new Map<string, Kept>();
    return {
      add: object => {
        const kept = this.#keep(object);
        next.set(keyOf(kept), kept);
      },
      commit: () => {
        const isSame =
          next.size === this.#objects.size &&
          [...next].every(
            ([key, { text }]) =>
              this.#objects.has(key) && this.#objects.get(key)!.text === text,
          );
        this.#objects = next;
        return !isSame;
      },
    };
  }

  set(object: Json): boolean {
    const kept = this.#keep(object);
    const key = keyOf(kept);
    const before = this.#objects.get(key);
    if (before && before.text === kept.text) return false;
    this.#objects.set(key, kept);
    return true;
  }

  delete(object: Json): boolean {
    return this.#objects.delete(keyOf(placeOf(object)));
  }

  /** For `Surroundings.ownerOf`. */
  ownerOf(namespace: string, name: string): Owner | null | undefined {
    return this.#objects.get(keyOf({ namespace, name }))?.owner;
  }

  /** Objects of a namespace (empty outside namespaces) as they are kept. */
  within(namespace: string): Json[] {
    return [...this.#objects.values()].flatMap(kept =>
      kept.namespace === namespace && kept.text !== undefined
        ? JSON.parse(kept.text)
        : [],
    );
  }

  lines(around: Surroundings): Map<string, Line[]> {
    const sorted = [...this.#objects.values()].sort((a, b) =>
      a.name < b.name ? -1 : Number(a.name > b.name),
    );
    const found = new Map<string, Line[]>();
    for (const kept of sorted) {
      if (kept.isSpent && this.#saysNothing(kept, around)) continue;
      const list = found.get(kept.namespace);
      if (list) list.push(kept);
      else found.set(kept.namespace, [kept]);
    }
    return found;
  }

  /** What has no pods and is known to be another's is no workload, and stands for none. */
  #saysNothing(
    { namespace, name, owner }: Kept,
    around: Surroundings,
  ): boolean {
    if (!owner) return false;
    return (
      around.ownerOf(`${namespace}/${owner.kind}/${owner.name}`) !==
        undefined && !around.ownsPods(`${namespace}/${this.kind.kind}/${name}`)
    );
  }

  #keep(raw: Json): Kept {
    const { group, version, kind, form } = this.kind;
    const object = reduceObject(raw, {
      apiVersion: group === '' ? version : `${group}/${version}`,
      kind,
      form,
    });
    // Whose it is counts also where nothing else of it is known.
    if (!object)
      return { ...placeOf(raw), owner: controllerOf(raw), isSpent: false };
    const { replicas } = asJson(object.status);
    return {
      ...placeOf(object),
      text: JSON.stringify(object),
      owner: controllerOf(object),
      isSpent: LEFT_BEHIND.has(kind) && !(Number(replicas) > 0),
    };
  }
}

function keyOf({
  namespace,
  name,
}: {
  namespace: string;
  name: string;
}): string {
  return `${namespace}/${name}`;
}
