import { asJson, inOrder, type Json } from '../json';
import {
  controllerOf,
  placeOf,
  type KindStore,
  type Line,
  type Owner,
  type Refill,
  type Surroundings,
} from './ObjectStore';
import { reduceObject } from './reduceObject';

/**
 * Labels of which a controller gives each of its pods another value, or those of each revision (Kubernetes, "Well-known
 * labels"; packages/policy, `addedLabels`). Those of a ReplicaSet's pods are all the same.
 */
const PER_POD: Readonly<Record<string, readonly string[]>> = {
  StatefulSet: [
    'apps.kubernetes.io/pod-index',
    'controller-revision-hash',
    'statefulset.kubernetes.io/pod-name',
  ],
  DaemonSet: ['controller-revision-hash', 'pod-template-generation'],
  Job: ['batch.kubernetes.io/job-completion-index'],
};

/** One pod and one more: that there are several is known by the second. */
const ENOUGH = 2;

/** Pods that nothing tells apart but their names, and labels of `PER_POD`. */
interface PodClass {
  /** The text of `shape`. */
  id: string;
  namespace: string;
  owner: Owner;
  /** What they have in common. */
  shape: Json;
  /** By the pod's name: labels of its own, where it has any. */
  members: Map<string, Json | undefined>;
  /** The texts of members that were given out: of twenty thousand pods few change between two readings. */
  texts: Map<string, string>;
}

/**
 * Pods, folded while they are read: twenty thousand are some hundred classes, of which two pods each are given out. That
 * changes no answer of the core, which asks of pods with one owner in what they differ, which name is the first, and
 * whether there are several.
 */
export class PodStore implements KindStore {
  #classes = new Map<string, PodClass>();
  /** Pods without owner, by namespace and name; without a text where one is nested too deep. */
  #alone = new Map<string, string | undefined>();
  /** The class of each pod that has an owner. */
  #classOf = new Map<string, PodClass>();

  /** How many classes there are, for those who watch memory. */
  get size(): number {
    return this.#classes.size + this.#alone.size;
  }

  refill(): Refill {
    const next = new PodStore();
    return {
      add: object => {
        next.set(object);
      },
      commit: () => {
        const isSame = this.#equals(next);
        this.#classes = next.#classes;
        this.#alone = next.#alone;
        this.#classOf = next.#classOf;
        return !isSame;
      },
    };
  }

  set(raw: Json): boolean {
    const object = reduceObject(raw, {
      apiVersion: 'v1',
      kind: 'Pod',
      form: 'pod',
    });
    const { namespace, name } = placeOf(raw);
    const key = `${namespace}/${name}`;
    const owner = object && controllerOf(object);
    if (!owner) {
      const text = object && JSON.stringify(object);
      const wasClassed = this.#leave(key, name);
      const isSame = this.#alone.has(key) && this.#alone.get(key) === text;
      this.#alone.set(key, text);
      return wasClassed || !isSame;
    }
    const { shape, own } = apart(object, owner);
    const id = JSON.stringify(shape);
    const known = this.#classOf.get(key);
    if (known?.id === id) {
      const { members } = known;
      if (JSON.stringify(members.get(name)) === JSON.stringify(own))
        return false;
      members.set(name, own);
      known.texts.delete(name);
      return true;
    }
    this.#alone.delete(key);
    this.#leave(key, name);
    let joined = this.#classes.get(id);
    if (!joined) {
      joined = {
        ...{ id, namespace, owner, shape },
        members: new Map(),
        texts: new Map(),
      };
      this.#classes.set(id, joined);
    }
    joined.members.set(name, own);
    this.#classOf.set(key, joined);
    return true;
  }

  delete(object: Json): boolean {
    const { namespace, name } = placeOf(object);
    const key = `${namespace}/${name}`;
    return this.#alone.delete(key) || this.#leave(key, name);
  }

  /** Owners of pods, as `namespace/Kind/name`. */
  owners(): Set<string> {
    return new Set(
      [...this.#classes.values()].map(
        ({ namespace, owner }) => `${namespace}/${owner.kind}/${owner.name}`,
      ),
    );
  }

  lines(around: Surroundings): Map<string, Line[]> {
    const owners = this.owners();
    const named: (Line & { namespace: string })[] = [];
    for (const [key, text] of this.#alone) {
      const [namespace, name] = key.split('/');
      named.push({ namespace, name, ...(text !== undefined && { text }) });
    }
    for (const each of this.#classes.values())
      for (const name of shown(each, around, owners))
        named.push({
          namespace: each.namespace,
          name,
          text: textOf(each, name),
        });
    named.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
    const found = new Map<string, Line[]>();
    for (const line of named) {
      const list = found.get(line.namespace);
      if (list) list.push(line);
      else found.set(line.namespace, [line]);
    }
    return found;
  }

  /** Takes a pod out of its class. */
  #leave(key: string, name: string): boolean {
    const left = this.#classOf.get(key);
    if (!left) return false;
    this.#classOf.delete(key);
    left.members.delete(name);
    left.texts.delete(name);
    if (left.members.size === 0) this.#classes.delete(left.id);
    return true;
  }

  #equals(other: PodStore): boolean {
    return (
      this.#alone.size === other.#alone.size &&
      this.#classOf.size === other.#classOf.size &&
      [...other.#alone].every(
        ([key, text]) => this.#alone.has(key) && this.#alone.get(key) === text,
      ) &&
      [...other.#classes].every(([id, { members }]) => {
        const own = this.#classes.get(id)?.members;
        return (
          own?.size === members.size &&
          [...members].every(
            ([name, labels]) =>
              own.has(name) &&
              JSON.stringify(own.get(name)) === JSON.stringify(labels),
          )
        );
      })
    );
  }
}

/** What a pod shares with others of its owner, and what it has for itself. */
function apart(object: Json, owner: Owner): { shape: Json; own?: Json } {
  const { name: _, labels, ...metadata } = asJson(object.metadata);
  const perPod = Object.hasOwn(PER_POD, owner.kind) ? PER_POD[owner.kind] : [];
  const entries = Object.entries(asJson(labels));
  const own = entries.filter(([key]) => perPod.includes(key));
  const shared = entries.filter(([key]) => !perPod.includes(key));
  return {
    shape: {
      ...object,
      metadata: { ...metadata, labels: Object.fromEntries(shared) },
    },
    ...(own.length > 0 && { own: Object.fromEntries(own) }),
  };
}

/** Names of the pods of a class that are given out. */
function shown(
  { namespace, owner, shape, members }: PodClass,
  around: Surroundings,
  owners: ReadonlySet<string>,
): string[] {
  const names = [...members.keys()].sort();
  const controller = around.ownerOf(`${namespace}/${owner.kind}/${owner.name}`);
  // The core expects such labels of the pods of this kind of workload, and of what belongs to an operator it does not.
  const tells = [...members.values()].some(own => own !== undefined);
  if (tells && controller !== null) return names;
  // Pods stand for an owner that is not there, and may carry their name or number in a label of their operator.
  if (controller === undefined && namesPods(shape, members)) return names;
  return names.filter(
    (name, index) => index < ENOUGH || owners.has(`${namespace}/Pod/${name}`),
  );
}

function namesPods(shape: Json, members: PodClass['members']): boolean {
  return Object.values(asJson(asJson(shape.metadata).labels)).some(
    value =>
      typeof value === 'string' && (/^\d+$/.test(value) || members.has(value)),
  );
}

function textOf({ shape, members, texts }: PodClass, name: string): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const metadata = asJson(shape.metadata);
  const labels = { ...asJson(metadata.labels), ...members.get(name) };
  const text = JSON.stringify(
    inOrder({
      ...shape,
      metadata: {
        ...metadata,
        name,
        labels: Object.keys(labels).length > 0 ? labels : undefined,
      },
    }),
  );
  texts.set(name, text);
  return text;
}
