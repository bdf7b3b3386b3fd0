import {
  callerOfFinding,
  entityRefOf,
  type CatalogEntity,
  type Finding,
  type MeaningDifference,
  type PolicyOfOthers,
  type Workload,
} from '@callgate/policy';
import type { PolicyObject } from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import { Names } from './Names';
import { secretWords } from './secretWords';
import { TELLABLE_FINDINGS } from './tellableFindings';

/** Kinds of entities that call or are called. Groups are, where a grant names one. */
const CALLERS: ReadonlySet<string> = new Set([
  'component',
  'resource',
  'api',
  'system',
  'domain',
]);

/** `namespace/Kind/name`: what is asked about may be a stored name of what is gone, and of what kind it was nobody knows. */
const WORKLOAD = /^[^/\s]+\/[A-Z][A-Za-z]*\/[^/\s]+$/;

/**
 * What one reader must not be told: entities that the catalog hides from them, with everything by which these are known in
 * clusters and manifests. It is asked before a sentence is made. What it cannot judge it hides.
 */
export class Discretion {
  /** Everything that can be hidden from somebody: ask the catalog which of it is. */
  static concealable(facts: AccessFacts): string[] {
    const granted = new Set(
      facts
        .policies()
        .flatMap(({ spec }) => spec.grants.map(({ caller }) => caller)),
    );
    return facts.snapshot.catalog
      .map(entity => ({ entity, ref: entityRefOf(entity) }))
      .filter(
        ({ entity, ref }) =>
          CALLERS.has(entity.kind.toLowerCase()) || granted.has(ref),
      )
      .map(({ ref }) => ref);
  }

  static of(facts: AccessFacts, hidden: Iterable<string>): Discretion {
    return new Discretion(facts, new Set(hidden));
  }

  /** A reader from whom nothing is hidden. */
  readonly everythingSeen: boolean;
  /** What the reader calls things; what they must not be told of has no name. */
  readonly names: Names;
  readonly #workloads = { hidden: new Set<string>(), seen: new Set<string>() };
  readonly #ofApis = new Map<string, boolean>();
  readonly #speaks: (text: string) => boolean;

  private constructor(
    private readonly facts: AccessFacts,
    private readonly refs: ReadonlySet<string>,
  ) {
    this.everythingSeen = refs.size === 0;
    this.names = Names.of(facts, this);
    this.#speaks = this.everythingSeen ? () => false : this.#words();
  }

  /** Whether an entity is hidden. */
  hides(ref: string): boolean {
    return this.refs.has(ref);
  }

  /** Whether a workload is one of something hidden, whatever else it is bound to, or is gone, so that nobody knows. */
  hidesWorkload(id: string): boolean {
    return (
      !this.everythingSeen &&
      (this.#workloads.hidden.has(id) ||
        (WORKLOAD.test(id) && !this.#workloads.seen.has(id)))
    );
  }

  /** Whether an identifier is or names something hidden: an entity, a workload, a Kubernetes object, a label, a file. */
  hidesName(text: string): boolean {
    return (
      this.hides(text) ||
      text.split(/[\s,]+/).some(part => this.hidesWorkload(part)) ||
      this.#speaks(text)
    );
  }

  /** Whether somebody hidden may call an API, or wants to by its declaration: its files and manifests name them. */
  hidesCallersOf(api: string): boolean {
    const known = this.#ofApis.get(api) ?? this.#hidesCallersOf(api);
    this.#ofApis.set(api, known);
    return known;
  }

  #hidesCallersOf(api: string): boolean {
    return (
      !this.everythingSeen &&
      (this.facts.unreadableOf(api).length > 0 ||
        this.facts.callersOf(api).some(ref => this.hides(ref)) ||
        this.facts
          .edgesOf(api)
          .some(
            ({ caller, from }) =>
              this.hides(caller) || this.hidesWorkload(from.id),
          ) ||
        this.facts.surplusOf(api).some(({ from }) => this.hidesWorkload(from)))
    );
  }

  hidesObject(object: PolicyObject): boolean {
    const { namespace = '', name, file = '', yaml } = object;
    const text =
      yaml ?? this.facts.object(object.cluster ?? '', object).yaml ?? '';
    return [namespace, name, file, text].some(each => this.#speaks(each));
  }

  /**
   * Whether a reader may read the name of a policy of others: neither it nor its text tells of something hidden. Of one that is
   * gone since, nobody knows what it told.
   */
  tellsOther({
    cluster,
    group,
    kind,
    namespace = '',
    name,
  }: PolicyOfOthers): boolean {
    if (this.everythingSeen) {
      return true;
    }
    const object = this.facts.object(cluster, { kind, group, namespace, name });
    return object.yaml !== undefined && !this.hidesObject(object);
  }

  /** Whether a reader may read the words of a finding. */
  tells(finding: Finding): boolean {
    const { code, objects, api, grantId, at } = finding;
    if (this.everythingSeen) {
      return true;
    }
    const named = [
      ...objects,
      ...[api, grantId, callerOfFinding(finding), at?.file, at?.field],
    ].filter(text => text !== undefined);
    return (
      TELLABLE_FINDINGS.has(code) &&
      objects.length > 0 &&
      !named.some(text => this.hidesName(text)) &&
      !named.some(text => this.#isGrantOfHidden(api, text))
    );
  }

  /** Whether a reader may read a difference between two meanings. */
  tellsDifference(difference: MeaningDifference): boolean {
    if (this.everythingSeen) {
      return true;
    }
    const seen = (...names: (string | undefined)[]) =>
      names.every(name => name === undefined || !this.hidesName(name));
    switch (difference.code) {
      case 'scope-added':
      case 'profile-changed':
        return true;
      case 'other-api':
        return seen(difference.api);
      case 'opened':
      case 'layer-lost':
        return seen(difference.caller, difference.from, difference.to);
      case 'gap-accepted':
        // One that was stored before it said whose it is tells nobody who may not see everything.
        return difference.about !== undefined && seen(difference.about.caller);
      case 'closed':
      case 'opened-to-everyone':
        return seen(difference.workload);
      case 'cut':
        return seen(difference.caller, difference.workload);
      case 'other-policy':
        return (
          this.tellsOther(difference.policy) && seen(...difference.policy.ends)
        );
      case 'plumbing-opened':
        return seen(difference.plumbing);
      default:
        // One that this version does not know.
        return false;
    }
  }

  #isGrantOfHidden(api: string | undefined, id: string): boolean {
    const policies = api ? [this.facts.policyOf(api)] : this.facts.policies();
    return policies.some(policy =>
      policy?.spec.grants.some(
        grant =>
          grant.id === id &&
          (this.hides(grant.caller) ||
            this.facts
              .edgesOf(policy.spec.api, id)
              .some(
                ({ caller, from }) =>
                  this.hides(caller) || this.hidesWorkload(from.id),
              )),
      ),
    );
  }

  #words(): (text: string) => boolean {
    const entities: Record<'hidden' | 'seen', CatalogEntity[]> = {
      hidden: [],
      seen: [],
    };
    for (const entity of this.facts.snapshot.catalog) {
      entities[this.hides(entityRefOf(entity)) ? 'hidden' : 'seen'].push(
        entity,
      );
    }
    for (const ref of this.refs) {
      for (const { id } of this.facts.workloadsOf(ref)) {
        this.#workloads.hidden.add(id);
      }
    }
    const workloads: Record<'hidden' | 'seen', Workload[]> = {
      hidden: [],
      seen: [],
    };
    for (const workload of this.facts.snapshot.clusters.flatMap(
      cluster => cluster.workloads,
    )) {
      if (this.#workloads.hidden.has(workload.id)) {
        workloads.hidden.push(workload);
      } else {
        workloads.seen.push(workload);
        this.#workloads.seen.add(workload.id);
      }
    }
    return secretWords(
      { entities: entities.hidden, workloads: workloads.hidden },
      { entities: entities.seen, workloads: workloads.seen },
    );
  }
}
