import { Finding, finding } from '../../findings';
import { namespaceOf } from '../../estate/buildCluster';
import { notReadAbout } from '../../estate/notReadAbout';
import type { Cluster, Workload } from '../../estate/types';
import type { Direction } from '../networkpolicy/KernelIndex';
import type { Condition } from '../types';
import { Reach, unmodelledKind } from './kinds';
import type { Scope, Subject } from './scope';

interface Found extends Scope {
  reach: Reach;
  /** Empty: every namespace. */
  namespace: string;
  name: string;
}

const NOT_JUDGED: Pick<Condition, 'kind'> & { why: string } = {
  kind: 'unmodelled-policy',
  why: 'its kind is not modelled',
};

/** Of what was left out nobody knows in which direction and at which layer it is, and whether it opens or refuses. */
const NOT_KNOWN: typeof NOT_JUDGED = {
  kind: 'not-read',
  why: 'it was not read',
};

/** Policies of kinds that are not modelled, by what they may touch. */
export class UnmodelledPolicies {
  readonly findings: Finding[] = [];
  readonly #found: Found[] = [];
  readonly #conditions = new Map<string, readonly Condition[]>();
  readonly #names = new Map<string, ReadonlySet<string | undefined>>();

  constructor(private readonly cluster: Cluster) {
    for (const { object, at } of cluster.objects) {
      const known = unmodelledKind(object);
      if (!known) continue;
      const namespace = namespaceOf(object);
      const name = `${object.kind} ${namespace === '' ? '' : `${namespace}/`}${
        object.metadata.name
      }`;
      const isAnywhere =
        known.isAnywhereFrom?.test(namespace) ||
        (known.reach === 'mesh' &&
          namespace === cluster.profile.mesh.rootNamespace);
      this.#found.push({
        ...known.scope(object),
        reach: known.reach,
        namespace: isAnywhere ? '' : namespace,
        name,
      });
      this.findings.push(
        finding(
          'unmodelled-policy',
          `${name} is of a kind that is not judged: it may refuse what it touches${
            known.onlyRefuses ? '' : ', or open more'
          }, so that this is conditional.`,
          { at, objects: [name] },
        ),
      );
    }
  }

  /** Conditions that network policies bring to what a workload takes or sends. */
  kernel(workload: Workload, direction: Direction): readonly Condition[] {
    return this.#of(workload, 'kernel', direction);
  }

  /** Conditions that filters bring to what the proxy of a workload takes. */
  mesh(workload: Workload): readonly Condition[] {
    return this.#of(workload, 'mesh', 'ingress');
  }

  /** Does an object touch what a workload takes, or what it sends? */
  touches(name: string, workload: Workload, direction: Direction): boolean {
    const key = `${direction} ${workload.id}`;
    let names = this.#names.get(key);
    if (!names) {
      names = new Set(
        [
          ...this.kernel(workload, direction),
          ...(direction === 'ingress' ? this.mesh(workload) : []),
        ].map(({ object }) => object),
      );
      this.#names.set(key, names);
    }
    return names.has(name);
  }

  #of(
    workload: Workload,
    reach: Reach,
    direction: Direction,
  ): readonly Condition[] {
    const notRead = notReadAbout(this.cluster, workload);
    if (this.#found.length + notRead.length === 0) return [];
    const key = `${reach} ${direction} ${workload.id}`;
    let known = this.#conditions.get(key);
    if (!known) {
      known = this.#touching(workload, reach, direction);
      this.#conditions.set(key, known);
    }
    return known;
  }

  #touching(
    workload: Workload,
    reach: Reach,
    direction: Direction,
  ): Condition[] {
    const subject: Subject = {
      workload,
      namespaceLabels: this.cluster.namespaces.get(workload.namespace)?.labels,
    };
    const found = this.#found.filter(
      each =>
        each.reach === reach &&
        each.directions.has(direction) &&
        (each.namespace === '' || each.namespace === workload.namespace) &&
        each.selects(subject) !== 'no',
    );
    const conditionOf = (
      name: string,
      { kind, why }: typeof NOT_JUDGED,
    ): Condition => ({
      kind,
      text: `${name} may touch ${workload.id}, and ${why}.`,
      object: name,
    });
    return [
      ...found.map(({ name }) => conditionOf(name, NOT_JUDGED)),
      ...notReadAbout(this.cluster, workload).map(({ name }) =>
        conditionOf(name, NOT_KNOWN),
      ),
    ];
  }
}
