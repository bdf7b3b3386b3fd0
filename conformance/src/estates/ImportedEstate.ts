import {
  AccessPolicy,
  buildCluster,
  CatalogEntity,
  Cluster,
  compile,
  Grant,
  GrantOperation,
  loadManifests,
  onboard,
  Onboarding,
  parseAccessPolicy,
  PlatformProfile,
} from '@callgate/policy';
import { Random } from '../worlds/Random';
import { Manifest, World, WorldCall } from '../worlds/types';
import { Estate } from './estates';
import { EstateWorld, estateWorld, hasLabels, policiesOf } from './estateWorld';
import {
  objectsOf,
  readEntities,
  readManifests,
  readProfile,
} from './readFiles';

/** A cluster of an estate, with what is in force in it at each step of an import. */
export interface ImportedCluster extends EstateWorld {
  name: string;
  /** As in ends of differences: empty where the estate has one cluster. */
  prefix: string;
  profile: PlatformProfile;
  /** Written by hand. */
  before: World;
  /** Written by hand, and generated. */
  after: World;
  /** Without what the import says can go; absent where nothing can. */
  without?: World;
  /**
   * The last of these, with the network policies that stay and are about imported APIs alone admitting nobody any more: what they
   * let in has to be let in by what is generated.
   */
  alone: World;
}

/** What of a grant says which calls it is about. */
export type About = Pick<Grant, 'caller' | 'operations' | 'in'>;

/** One mistake in what was written, and which calls it has to change. */
export interface Fault {
  kind: 'a grant dropped' | 'an operation added';
  text: string;
  /** `alone` of each cluster with what the mistake comes to. */
  worlds: ReadonlyMap<string, World>;
  api: string;
  /** What is granted no more, or from now on. */
  about: About;
}

interface Written {
  file: string;
  policy: AccessPolicy;
}

const SELECTOR = 'backstage.io/kubernetes-label-selector';
const NAMESPACE = 'backstage.io/kubernetes-namespace';
const ID = 'backstage.io/kubernetes-id';

const TRIES = 20;

/** An estate after its import: from what `onboard` wrote, as text, by way of `compile`. */
export class ImportedEstate {
  readonly onboarding: Onboarding;
  readonly clusters: readonly ImportedCluster[];
  readonly written: readonly Written[];
  readonly #entities: readonly CatalogEntity[];
  readonly #built: readonly Cluster[];
  readonly #right: ReadonlyMap<string, Manifest[]>;

  constructor(readonly estate: Estate) {
    this.#entities = readEntities(estate.catalog, estate.definitions);
    const read = estate.clusters.map(({ name, profile: path, manifests }) => {
      const profile = readProfile(path);
      const objects = readManifests(manifests);
      const { cluster } = buildCluster({ name, objects, profile });
      return { name, profile, objects: objectsOf(objects), cluster };
    });
    this.#built = read.map(({ cluster }) => cluster);
    this.onboarding = onboard({
      catalog: this.#entities,
      clusters: this.#built,
      accept: estate.accept ?? [],
      acceptUndeclaredPorts: estate.acceptUndeclaredPorts === true,
    });
    this.written = this.onboarding.files.map(file => {
      const { policy, findings } = parseAccessPolicy(file);
      if (!policy) throw new Error(`${file.path}: ${findings[0]?.message}`);
      return { file: file.path, policy };
    });
    const generated = this.#generated(this.written);
    if (!generated)
      throw new Error(`${estate.name}: what was written cannot be compiled`);
    this.#right = generated;
    this.clusters = read.map(({ name, profile, objects }) => {
      const made = estateWorld(1, objects, profile);
      const byHand = policiesOf(objects, profile);
      const gone = this.#canGo(name);
      const left = byHand.filter(each => !gone(each));
      const ours = generated.get(name) ?? [];
      const inForce = (policies: readonly Manifest[]): World => ({
        ...made.world,
        policies,
      });
      return {
        ...made,
        name,
        profile,
        prefix: read.length > 1 ? `${name}:` : '',
        before: inForce(byHand),
        after: inForce([...byHand, ...ours]),
        ...(left.length < byHand.length && {
          without: inForce([...left, ...ours]),
        }),
        alone: inForce([...left.map(each => this.#shut(name, each)), ...ours]),
      };
    });
  }

  /** Workloads of a cluster that an entity of the catalog is bound to, as indices; by labels alone. */
  workloadsOf({ world }: EstateWorld, ref: string): number[] {
    const entity = this.#entities.find(
      ({ kind, metadata }) =>
        `${kind.toLowerCase()}:${metadata.namespace ?? 'default'}/${
          metadata.name
        }` === ref,
    );
    const annotations = entity?.metadata.annotations ?? {};
    const wanted = annotations[SELECTOR]
      ? Object.fromEntries(
          annotations[SELECTOR].split(',').map(part => part.split('=')),
        )
      : { [ID]: annotations[ID] };
    return world.workloads.flatMap(({ namespace, labels }, index) =>
      (annotations[NAMESPACE] ?? namespace) === namespace &&
      hasLabels(labels, wanted)
        ? [index]
        : [],
    );
  }

  /** Workloads of a cluster that provide an API at a port. */
  providersOf(cluster: EstateWorld, api: string): number[] {
    const name = api.replace(/^api:default\//, '');
    return this.#components()
      .filter(({ spec }) =>
        ((spec?.providesApis ?? []) as string[]).includes(name),
      )
      .flatMap(each => this.workloadsOf(cluster, refOf(each)))
      .filter(index => cluster.world.workloads[index].ports.length > 0);
  }

  /** Everything granted, by API. */
  grants(): { api: string; grant: Grant }[] {
    return this.written.flatMap(({ policy: { spec } }) =>
      spec.grants.map(grant => ({ api: spec.api, grant })),
    );
  }

  /** Whether a call is one that a grant is about: by ends, port, method and path. */
  isAbout(
    cluster: ImportedCluster,
    api: string,
    { caller, operations, in: places }: About,
    { from, to, port, protocol, http }: WorldCall,
  ): boolean {
    if (typeof from === 'string' || protocol !== 'TCP') return false;
    if (places && !places.includes(cluster.name)) return false;
    if (!this.workloadsOf(cluster, caller).includes(from)) return false;
    if (!this.providersOf(cluster, api).includes(to)) return false;
    const own = cluster.world.workloads[to].ports.find(
      ({ number }) => number === port,
    );
    return operations.some(operation => {
      if ('tcp' in operation) return own?.servicePort === operation.tcp.port;
      const known = 'id' in operation && this.estate.operations?.[operation.id];
      if (!known)
        throw new Error(
          `${this.estate.name}: what ${JSON.stringify(
            operation,
          )} is about is not said`,
        );
      return http?.method === known.method && known.path.test(http?.path ?? '');
    });
  }

  /** A mistake of each kind, where what was written allows one. */
  faults(random: Random): Fault[] {
    return [this.#dropped(random), this.#added(random)].flatMap(each =>
      each ? [each] : [],
    );
  }

  #components(): CatalogEntity[] {
    return this.#entities.filter(({ kind }) => kind === 'Component');
  }

  #canGo(cluster: string): (object: Manifest) => boolean {
    const names = this.onboarding.handWritten
      .filter(each => each.canGo && each.cluster === cluster)
      .map(({ kind, namespace, name }) => `${kind} ${namespace} ${name}`);
    return ({ kind, metadata }) =>
      names.includes(`${kind} ${metadata.namespace} ${metadata.name}`);
  }

  /** A network policy without what it lets in, where it is about pods of imported APIs alone and all that it lets in is granted. */
  #shut(cluster: string, object: Manifest): Manifest {
    const { handWritten, apis } = this.onboarding;
    const own = handWritten.find(
      ({ cluster: at, kind, namespace, name }) =>
        at === cluster &&
        kind === 'NetworkPolicy' &&
        kind === object.kind &&
        namespace === object.metadata.namespace &&
        name === object.metadata.name,
    );
    const { matchLabels = {} } = (object.spec?.podSelector ?? {}) as {
      matchLabels?: Record<string, string>;
    };
    const isGranted = apis
      .filter(({ api }) => own?.apis.includes(api))
      .every(({ kept }) => kept.length === 0);
    if (!own || Object.keys(matchLabels).length === 0 || !isGranted)
      return object;
    return { ...object, spec: { ...object.spec, ingress: [] } };
  }

  /** What declarations come to, by cluster; nothing where a part of them cannot be had. */
  #generated(written: readonly Written[]): Map<string, Manifest[]> | undefined {
    const { files, held, failedApis } = compile({
      policies: written,
      catalog: this.#entities,
      clusters: this.#built,
    });
    if (held.length > 0 || failedApis.length > 0) return undefined;
    return new Map(
      this.#built.map(({ name, profile }) => [
        name,
        policiesOf(
          objectsOf(
            loadManifests(files.filter(({ cluster }) => cluster === name))
              .objects,
          ),
          profile,
        ),
      ]),
    );
  }

  #faulty(
    kind: Fault['kind'],
    api: string,
    grants: (known: readonly Grant[]) => Grant[],
    about: About,
  ): Fault | undefined {
    const written = this.written.map(each =>
      each.policy.spec.api === api
        ? {
            ...each,
            policy: {
              ...each.policy,
              spec: {
                ...each.policy.spec,
                grants: grants(each.policy.spec.grants),
              },
            },
          }
        : each,
    );
    const ours = this.#generated(written);
    if (!ours) return undefined;
    const worlds = this.clusters.map(({ name, alone }): [string, World] => {
      // What is right is at the end of what is in force.
      const byHand = alone.policies.slice(
        0,
        alone.policies.length - (this.#right.get(name) ?? []).length,
      );
      return [
        name,
        { ...alone, policies: [...byHand, ...(ours.get(name) ?? [])] },
      ];
    });
    return {
      kind,
      api,
      about,
      text: `${kind}: ${about.caller} at ${api}, ${JSON.stringify(
        about.operations,
      )}`,
      worlds: new Map(worlds),
    };
  }

  #dropped(random: Random): Fault | undefined {
    const all = this.grants();
    if (all.length === 0) return undefined;
    const { api, grant } = random.one(all);
    return this.#faulty(
      'a grant dropped',
      api,
      known => known.filter(({ id }) => id !== grant.id),
      grant,
    );
  }

  /** An operation more for somebody who has some already, or for another component. */
  #added(random: Random): Fault | undefined {
    for (let tries = 0; tries < TRIES && this.written.length > 0; tries += 1) {
      const { api, grants } = random.one(this.written).policy.spec;
      const caller = refOf(random.one(this.#components()));
      const own = grants.find(each => each.caller === caller);
      const operation = this.#operationFor(random, api, own);
      const runs = this.clusters.some(
        cluster =>
          this.workloadsOf(cluster, caller).length > 0 &&
          this.workloadsOf(cluster, caller).every(
            each => !this.providersOf(cluster, api).includes(each),
          ),
      );
      if (!operation || !runs) continue;
      // Where everybody can call it, a grant would close it.
      const { openIn = [] } =
        this.onboarding.apis.find(each => each.api === api) ?? {};
      const about: About = {
        caller,
        operations: [operation],
        in: this.clusters
          .map(({ name }) => name)
          .filter(name => !openIn.includes(name)),
      };
      const fault = this.#faulty(
        'an operation added',
        api,
        known =>
          own
            ? known.map(each =>
                each === own
                  ? { ...own, operations: [...own.operations, operation] }
                  : each,
              )
            : [...known, { id: 'fault', ...about }],
        about,
      );
      if (fault) return fault;
    }
    return undefined;
  }

  #operationFor(
    random: Random,
    api: string,
    own: Grant | undefined,
  ): GrantOperation | undefined {
    const name = api.replace(/^api:default\//, '');
    const ids = Object.entries(this.estate.operations ?? {})
      .filter(([, { path }]) => path.test(`/${name}/7`))
      .map(([id]) => id)
      .filter(
        id => !own?.operations.some(each => 'id' in each && each.id === id),
      );
    if (ids.length > 0) return { id: random.one(ids) };
    if (own) return undefined;
    const ports = this.clusters.flatMap(cluster =>
      this.providersOf(cluster, api).flatMap(index =>
        cluster.world.workloads[index].ports.map(
          ({ servicePort }) => servicePort,
        ),
      ),
    );
    return ports.length > 0 ? { tcp: { port: random.one(ports) } } : undefined;
  }
}

function refOf({ kind, metadata }: CatalogEntity): string {
  return `${kind.toLowerCase()}:${metadata.namespace ?? 'default'}/${
    metadata.name
  }`;
}
